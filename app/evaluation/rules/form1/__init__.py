"""Form 1: the rules of the first computations, kept unchanged so that what was computed by them still verifies.

Nothing else uses them; a computation says by its form which rules are its own. Never edited.
"""
