"""An independent reading of the service ledger's counting rules, to hold beside the platform's own.

Written from the domain page alone. It shares no line with the application, so that an error of either shows.
"""
