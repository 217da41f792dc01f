"""Who gets what answer at every endpoint, against one reviewed table."""
