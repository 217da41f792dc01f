"""Legal persons and other bodies, their parts, relations and members."""
