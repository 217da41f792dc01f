"""The HTML shell: layout, fields, filters, errors and the doors of the pages."""
