"""Messages to people in their own language, handed to the outbox and sent after commit."""
