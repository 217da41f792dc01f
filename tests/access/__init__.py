"""Who gets what answer at every door, against one reviewed table."""
