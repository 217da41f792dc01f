"""Contention and kills against the real server, judged by a checker of its own."""
