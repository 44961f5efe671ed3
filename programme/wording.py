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


def sixtieths(number: int) -> str:
    """Write minutes of a day or seconds of an hour as ``06:05``; the ends are 24:00 and 60:00."""
    return f"{number // 60:02d}:{number % 60:02d}"


def time_of_day(seconds: int) -> str:
    """Write seconds after midnight as ``06:05:30``; the day's own end is 24:00:00."""
    return f"{sixtieths(seconds // 60)}:{seconds % 60:02d}"
