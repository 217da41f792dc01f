"""What runs by the clock, and what works off queues: in a process of its own, one leader at a time."""
