"""Options and words that all commands share which send to a target: who publishes, how fast."""

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from commands.terminal import talk

if TYPE_CHECKING:
    from production.targets.claims import Publisher
    from production.targets.sending import Sending

F = TypeVar("F", bound=Callable[..., object])

PUBLISHER_VARIABLE = "ALTAVOZ_PUBLISHER"
_ID_FILE = "publisher-id"

_RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([kM]?)\Z")
_TIME = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(s|m|min|h)\Z")
_RATES = {"": 1, "k": 1_000, "M": 1_000_000}
_TIMES = {"s": 1, "m": 60, "min": 60, "h": 3600}


class _Rate(click.ParamType):
    """Bytes a second: 200k, 1.5M."""

    name = "rate"

    def convert(self, value: object, param: object, ctx: object) -> int:
        """Give bytes a second."""
        del param, ctx
        if isinstance(value, int):
            return value
        match = _RATE.match(str(value))
        rate = round(float(match[1]) * _RATES[match[2]]) if match else 0
        if rate < 1:
            self.fail(f"{value!r} is no rate; write bytes a second, such as 200k or 1M")
        return rate


class _Time(click.ParamType):
    """A length of time: 90s, 30m, 2h."""

    name = "time"

    def convert(self, value: object, param: object, ctx: object) -> float:
        """Give seconds."""
        del param, ctx
        if isinstance(value, float):
            return value
        match = _TIME.match(str(value))
        seconds = float(match[1]) * _TIMES[match[2]] if match else 0.0
        if seconds <= 0:
            self.fail(f"{value!r} is no length of time; write 90s, 30m or 2h")
        return seconds


def sending_options(command: F) -> F:
    """Give a command what everything that sends to a target takes."""
    for option in (
        click.option(
            "--deadline",
            type=_Time(),
            metavar="TIME",
            help="Stop after this time, such as 30m; the next run goes on from there.",
        ),
        click.option(
            "--bandwidth",
            type=_Rate(),
            metavar="RATE",
            help="Send at most so many bytes a second, such as 200k.",
        ),
        click.option(
            "--parallel",
            type=click.IntRange(1, 32),
            default=4,
            show_default=True,
            help="How many objects to send at once.",
        ),
        click.option(
            "--take-over",
            is_flag=True,
            help="Publish even where somebody else seems to be publishing.",
        ),
        click.option(
            "--as",
            "label",
            metavar="TEXT",
            envvar=PUBLISHER_VARIABLE,
            show_envvar=True,
            help="Who publishes, as others who publish there see it; a role, never a name.",
        ),
    ):
        command = option(command)
    return command


def read_publisher(root: Path, label: str | None, *, dry_run: bool = False) -> "Publisher":
    """Give who publishes from a workspace, with a run of its own.

    Args:
        root: of the workspace, whose ``.altavoz`` keeps what it is known by.
        label: from the command line or the environment; None for a number that nobody knows.
        dry_run: write nothing.
    """
    from production.targets.claims import Publisher
    from production.targets.head import LABEL_LETTERS, is_label
    from programme.storage import storage_errors, write_beside

    if label is not None and not is_label(label):
        raise click.BadParameter(
            f"write a role in at most {LABEL_LETTERS} letters, such as Tapachula office",
            param_hint="--as",
        )
    path = root / ".altavoz" / _ID_FILE
    with storage_errors(path):
        own = path.read_text(encoding="ascii", errors="replace").strip() if path.exists() else ""
        if not re.fullmatch("[0-9a-f]{8}", own):
            own = secrets.token_hex(4)
            if not dry_run:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_beside(path, f"{own}\n".encode("ascii"))
    return Publisher(by=label or f"publisher {own[:6]}", run=own + secrets.token_hex(4))


@contextmanager
def sending(options: Mapping[str, object]) -> "Iterator[Sending]":
    """Give how objects are sent, as the options say, with progress on stderr."""
    from commands.transfer import TransferBar
    from production.targets.line import Line
    from production.targets.sending import Sending

    rate, seconds, parallel = (options[one] for one in ("bandwidth", "deadline", "parallel"))
    if not isinstance(parallel, int):
        raise TypeError("the options of sending are missing")
    bar = TransferBar(talk)
    line = Line(
        bytes_per_second=rate if isinstance(rate, int) else None,
        seconds=seconds if isinstance(seconds, float) else None,
        tell=bar.passed,
    )
    try:
        yield Sending(line=line, parallel=parallel, progress=bar)
    finally:
        bar.end_sending()
