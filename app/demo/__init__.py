"""A story to look at: invented institutions, people, instruments and eighteen months of use, anchored to today."""
