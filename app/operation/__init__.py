"""How the platform itself is doing: health, jobs, tasks, and the search of the audit."""
