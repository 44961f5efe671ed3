"""Cells that no spreadsheet runs, whoever writes the table and whatever program opens it.

A cell that a spreadsheet would run as a formula gets an apostrophe before what would be run (OWASP,
CSV Injection), also behind a semicolon, tab or line break inside it, where a program that takes
another delimiter would begin a cell. On the way back exactly that one apostrophe is taken off.
"""

import re

_RUN = "=+\\-@\t\r＝＋－＠﹦﹢﹣﹫⁼⁺⁻−"
_BLANK = "[ \u00a0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff\x0b\x0c]*"
"""Spaces, and signs that nobody sees: a program that takes them off would find the formula."""
_GUARD = re.compile(f"((?:\\A|[;\t\n\r]){_BLANK})('*)(?=[{_RUN}])")
_UNGUARD = re.compile(f"((?:\\A|[;\t\n\r]){_BLANK})'('*)(?=[{_RUN}])")


def guard(cell: str) -> str:
    """Give a cell that no spreadsheet runs."""
    return _GUARD.sub(r"\1'\2", cell)


def unguard(cell: str) -> str:
    """Give back exactly what was guarded; a cell that nobody guarded stays as it is."""
    return _UNGUARD.sub(r"\1\2", cell)
