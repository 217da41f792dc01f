"""Asking for, approving, moving and cancelling time on instruments."""
