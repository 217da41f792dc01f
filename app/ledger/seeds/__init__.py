"""Words that lists of past use are read with; data, in the languages of the data."""
