"""An open platform on which institutions share scientific instruments."""
