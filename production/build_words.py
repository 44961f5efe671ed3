"""What a build says of itself in one line, also one that looked at nothing but the disk."""

from programme.wording import counted


def nothing_to_do(editions: int) -> str:
    """Say that everything was made before."""
    return f"Nothing to do: {counted(editions, 'edition')} up to date."


def steps_to_run(steps: int, editions: int) -> str:
    """Say what a dry run found."""
    return f"{steps} steps would run for {editions} editions."
