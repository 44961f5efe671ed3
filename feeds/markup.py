"""XML as text: elements whose words and attributes are escaped, and nothing else.

Ten thousand items are written into several feeds within seconds; a tree of objects for each costs
six times as much time and memory (bench/feeds.py). Characters that no XML holds are refused
before (feeds.wellformed), so whatever comes here can be escaped.
"""

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUOTED = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
)


def escape(text: str) -> str:
    """Give text as it stands between tags."""
    # Looking first is faster than replacing: most texts have nothing of it.
    return text.translate(_TEXT) if "&" in text or "<" in text or ">" in text else text


def quote(text: str) -> str:
    """Give text as it stands in an attribute in double quotes; line breaks survive."""
    if "&" in text or "<" in text or ">" in text or '"' in text or "\n" in text or "\t" in text:
        return text.translate(_QUOTED)
    return text


def attributes(given: dict[str, str]) -> str:
    """Give attributes with a space before each; those without a value are left out."""
    written = ""
    for name, value in given.items():
        if value:
            written += f' {name}="{quote(value)}"'
    return written


def element(tag: str, text: str, /, **given: str) -> str:
    """Give an element with text, or an empty one where there is none."""
    opening = tag + attributes(given) if given else tag
    return f"<{opening}>{escape(text)}</{tag}>" if text else f"<{opening}/>"


def parent(tag: str, inside: str, /, **given: str) -> str:
    """Give an element around others, which are markup already."""
    return f"<{tag}{attributes(given)}>{inside}</{tag}>"
