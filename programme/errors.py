"""The one kind of failure that an operator can put right, and its exit codes."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line returns: one number per cause, so that programs can tell."""

    OK = 0
    BUG = 1
    USAGE = 2
    FINDINGS = 3
    """The workspace has errors; they were listed."""
    INPUT = 4
    """A file that was asked for is missing, damaged or not what it claims to be."""
    VOICE = 5
    """No voice may speak, or a voice program failed."""
    STORAGE = 6
    """The disk is full, read-only or refuses."""
    TARGET = 7
    """A publishing target refused, or cannot be reached."""
    BUSY = 8
    """Another Altavoz works in this workspace."""
    EXPIRED = 9
    """A fact, segment or pack is past its date."""
    SOUND = 10
    """The sound that came out is silent, damaged or outside its tolerance."""
    REFUSED = 11
    """A pack is not genuine, or nobody here can say that it is."""
    INTERRUPTED = 130
    """Stopped from the keyboard; what was finished is kept."""


class ProductionError(Exception):
    """Something that the operator can put right: what is wrong, where, and what to do.

    Printed without a traceback. Everything else that is raised is a bug and keeps its own.

    Attributes:
        problem: one short sentence in the operator's terms.
        where: the file (and line), command or address concerned; empty if there is none.
        remedy: what to do next; never empty.
        code: the exit code of the command that meets it.
    """

    def __init__(
        self, problem: str, *, where: str = "", remedy: str, code: ExitCode = ExitCode.INPUT
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.remedy = remedy
        self.code = code

    def __str__(self) -> str:
        """The message as one line, for logs; the command line prints the parts."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.problem} ({self.remedy})"

    def __reduce__(self) -> tuple[object, ...]:
        """Keep every part when the error crosses from a worker process."""
        return (_rebuild, (self.problem, self.where, self.remedy, self.code))


def _rebuild(problem: str, where: str, remedy: str, code: ExitCode) -> ProductionError:
    return ProductionError(problem, where=where, remedy=remedy, code=code)
