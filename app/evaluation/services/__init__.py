"""Publishing schemes, opening rounds and computing them."""
