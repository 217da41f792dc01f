"""Legal persons and other bodies, their roles, relations and members."""
