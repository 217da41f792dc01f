"""What a browser calls itself, in the two words people know it by."""

from __future__ import annotations

# The first that occurs wins: nearly every browser also claims to be those below it.
PROGRAMS = (
    ("MicroMessenger/", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("QQBrowser/", "QQ"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """`Chrome · Windows`; what is not known stays as it was sent."""
    known = [next((name for sign, name in table if sign in agent), "") for table in (PROGRAMS, SYSTEMS)]
    return " · ".join(filter(None, known)) or agent
