"""The pure core of booking: opening hours, places, free slots, states and refusals."""
