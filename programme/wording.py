"""Small forms of words that messages share."""


def counted(number: int, thing: str) -> str:
    """Say how many there are: 1 warning, 2 warnings; for things whose plural adds an s."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
