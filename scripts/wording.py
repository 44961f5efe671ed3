"""Words for findings: what was written, what is known, and "did you mean"."""

from collections.abc import Collection

_MOST_COMPARED = 5_000
"""With more known words than this none is looked for: it would take longer than to look."""


def shown(text: str, *, most: int = 60) -> str:
    """Give somebody's text for a message: one line, nothing that a terminal obeys, not long."""
    if len(text) <= most and text.isprintable():
        return text
    return printable(text[:most]) + ("..." if len(text) > most else "")


def printable(text: str) -> str:
    """Write out what a terminal would obey or hide: messages quote what strangers typed."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def nearest(word: str, known: Collection[str]) -> str:
    """Give the known word that looks most like this one, in any case; empty when none does."""
    if len(known) > _MOST_COMPARED or len(word) > 100:
        return ""
    from difflib import get_close_matches  # only when something is wrong: it costs start-up time

    by_lower = {one.lower(): one for one in sorted(known, reverse=True)}
    found = get_close_matches(word.lower(), sorted(by_lower), n=1, cutoff=0.6)
    return by_lower[found[0]] if found else ""


def did_you_mean(word: str, known: Collection[str], otherwise: str) -> str:
    """Give a remedy: the nearest known word, else another sentence."""
    near = nearest(word, known)
    return f"did you mean {near}?" if near else otherwise


def maybe_meant(word: str, known: Collection[str]) -> str:
    """Give a half sentence that names the nearest known word; empty where none is near."""
    near = nearest(word, known)
    return f"did you mean {near}? " if near else ""


def listed(words: Collection[str], *, most: int = 12) -> str:
    """Give words for a message, sorted, and cut off where there are many."""
    names = sorted(words)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more if names else "none yet"
