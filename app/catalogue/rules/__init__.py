"""The pure core of the catalogue: reading foreign lists, national fields, class codes and search."""
