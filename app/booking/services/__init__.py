"""What people do with bookings; each verb locks the calendar before it looks."""
