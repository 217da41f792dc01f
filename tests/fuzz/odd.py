"""What nobody should send, and somebody will."""

from __future__ import annotations

from typing import Any

# What looks like nothing, and what only a programming language takes for a number.
UNSEEN: tuple[str, ...] = (" \t ", "\u3000", "\u200b", "\u202e")
NUMBERS: tuple[str, ...] = ("1_000", "1e5", "\u0661\u0662")

# Bytes as they stand in a form or query; a lone surrogate cannot even be written as text.
TYPED: tuple[bytes, ...] = (
    b"",
    b"a\x00b",
    b"\xed\xa0\x80",
    b"1e999999999",
    b"9" * 400,
    b"9223372036854775808",
    b"-1",
    b"NaN",
    b"0001-01-01T00:00",
    b"0001-01-01",
    b"9999-12-31",
    b"2099-12-31T23:00",
    b"2026-11-21T23:59:60",
    b"'; DROP TABLE users; --",
    b"<script>alert(1)</script>",
    b"%(name)s %s %n {0} {{7*7}}",
    b"../../../../etc/passwd",
    "\u202e\u0301\u200b\U0001f3db".encode(),
    b"x" * 70_000,
    b"8" + b" " * 60_000 + b"9",
    b"\r\nSet-Cookie: a=b",
    *(unseen.encode() for unseen in UNSEEN),
    *(number.encode() for number in NUMBERS),
)

JSON: tuple[Any, ...] = (
    None,
    True,
    "",
    "a\x00b",
    "\ud800",
    -1,
    0,
    2**31,
    2**63,
    10**400,
    1.5,
    float("nan"),
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2099-12-31T23:00:00Z",
    "2026-11-21T23:59:60Z",
    "2026-11-21T10:00:00",
    [],
    {},
    ["\ud800"],
    {"\ud800": 1},
    "x" * 70_000,
    *UNSEEN,
    *NUMBERS,
)

BODIES: tuple[bytes, ...] = (
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"\\ud800": 1}',
    b'{"a\\u0000b": 1}',
    b"\xff\xfe\x00",
    b'{"a": 1, "a": 2}',
    b"1" * 5000,
    b'{"n": 1.5}',
)

PARTS: tuple[str, ...] = (
    "0",
    "-1",
    "99999999999999999999999999",
    "%00",
    "%ED%A0%80",
    "..%2F..%2Fetc%2Fpasswd",
    "..",
    "%C0%AE%C0%AE%2F",
    "00000000-0000-0000-0000-000000000000",
    "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "{7B}",
    "%27%20OR%201%3D1%20--",
    "x" * 3000,
)

HEADERS: tuple[tuple[str, str], ...] = (
    ("Idempotency-Key", "\x7f\xff"),
    ("Idempotency-Key", "k" * 65),
    ("If-Match", '"99999999999999999999"'),
    ("If-Match", "W/\xb2"),
    ("If-Match", '"-1"'),
    ("Authorization", "Bearer \xff\xed\xa0"),
    ("Authorization", "Basic !!!"),
    ("Accept-Language", "x" * 5000),
    ("Accept", ";;;q=,"),
    ("Cookie", "sid=\xff; language=\x7f; theme=.."),
    ("User-Agent", "\xff\x01" * 300),
    ("Range", "bytes=9999999999999999999-"),
    ("If-None-Match", '"' * 200),
    ("If-Modified-Since", "0001"),
    ("X-Forwarded-Host", "evil.example"),
    ("Content-Type", "multipart/form-data; boundary="),
    ("Content-Type", "application/x-www-form-urlencoded; charset=utf-7"),
    ("Origin", "http://[::1"),
    ("Content-Length", "-5"),
)
