"""Small forms of words that messages share."""


def counted(number: int, thing: str) -> str:
    """Say how many there are: 1 warning, 2 warnings; for things whose plural adds an s."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def shortened(text: str, most: int) -> str:
    """Cut a text to so many letters, three dots among them; as it is where it fits."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def clock(seconds: int) -> str:
    """Write a length or a moment as ``m:ss`` or ``h:mm:ss``."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"
