"""What really happened on an instrument."""

from app.usage import messages

__all__ = ["messages"]
