"""Words and tables that the catalogue reads foreign lists and queries with; data, in the languages of the data."""
