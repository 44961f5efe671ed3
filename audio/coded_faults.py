"""What is said of coded sound that is not right: what was kept is spoilt, or a coder gave it so.

The one is put right by making it again, the other is not: then whoever knows the coder must see it.
"""

from programme.errors import ExitCode, ProductionError


def spoilt(problem: str, where: str) -> ProductionError:
    """Say what is wrong with coded sound in the store.

    Args:
        problem: what was found.
        where: its file, or the folder of all of them.
    """
    return ProductionError(
        problem,
        where=where,
        remedy="delete the workspace's .altavoz folder and build again",
        code=ExitCode.SOUND,
    )


def miscoded(problem: str) -> ProductionError:
    """Say what a coder did wrong with sound that it was just given; nothing of it is kept."""
    return ProductionError(
        problem,
        remedy="build again; if this comes back, report it with the file that was being made",
        code=ExitCode.SOUND,
    )
