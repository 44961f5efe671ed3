"""Findings as JSON, one a line: as programs are shown them, and as they are kept between commands.

What was kept is already what ``altavoz check --format json`` writes, so that ten thousand findings
of which none changed are copied, and neither made anew nor written anew.
"""

import json
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import repeat
from json.encoder import encode_basestring, encode_basestring_ascii
from operator import attrgetter, itemgetter

from programme.errors import ExitCode, ProductionError
from programme.findings import Finding, Findings, Severity, Tally, in_order, tally_of

KEYS = ("file", "line", "rule", "severity", "problem", "remedy")
"""What JSON always holds of a finding."""
EVERY_KEY = (*KEYS, "allowed")
"""What it holds where somebody may have silenced a rule: all that a finding is."""

_BETWEEN = ",\n"


class KeptFindings:
    """All that was found in one folder of two names, such as scripts/asilo, as it was kept."""

    __slots__ = ("folder", "tally", "text")

    def __init__(self, *, folder: str, text: bytes | memoryview, tally: Tally) -> None:
        """Take what ``keep_findings`` gave.

        Args:
            folder: with a slash behind each of its names: every finding is about a file in it.
            text: the lines of JSON in UTF-8, in the order in which they are shown.
            tally: how many they are.
        """
        self.folder = folder
        self.text = text
        self.tally = tally

    def __len__(self) -> int:
        """Count them."""
        tally = self.tally
        return tally.errors + tally.warnings + tally.infos + tally.silenced

    def read(self) -> list[Finding]:
        """Give the values.

        Raises:
            ProductionError: ``keep_findings`` did not write this.
        """
        try:
            rows = json.loads(b"[" + bytes(self.text) + b"]")
            columns = [[row[key] for row in rows] for key in EVERY_KEY]
            columns[_SEVERITY] = [*map(_SEVERITIES, columns[_SEVERITY])]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise damaged() from error
        made = [*map(object.__new__, repeat(Finding, len(rows)))]
        for setter, values in zip(_SETTERS, columns, strict=True):
            deque(map(setter, made, values), maxlen=0)
        return made


def damaged() -> ProductionError:
    """Say that what was kept is whole, and not what this program writes."""
    return ProductionError(
        "what an earlier check kept is not in its form",
        where=".altavoz/check.jsonl",
        remedy="delete this file, which costs time only, and run the command again",
        code=ExitCode.INPUT,
    )


_SEVERITY = EVERY_KEY.index("severity")
_SEVERITIES = {one.value: one for one in Severity}.__getitem__
_SETTERS = [getattr(Finding, key).__set__ for key in EVERY_KEY]
"""Set the fields of a frozen value as its own ``__init__`` does."""


def keep_findings(folder: str, findings: Sequence[Finding]) -> KeptFindings | None:
    """Give findings in the form in which they can be kept; None where they have none.

    Args:
        folder: that of ``KeptFindings``. One that is about the folder itself, or about a file
            somewhere else, has no place among them.
        findings: in any order.
    """
    if not all(found.file.startswith(folder) for found in findings):
        return None
    try:
        text = _BETWEEN.join(finding_lines(in_order(findings), EVERY_KEY)).encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair
        return None
    return KeptFindings(folder=folder, text=text, tally=tally_of(findings))


def finding_lines(
    findings: Sequence[Finding], keys: tuple[str, ...], *, ascii_only: bool = False
) -> Iterator[str]:
    """Write each finding as a line of JSON, which is quick for ten thousand of them."""
    # what JSONEncoder.encode does with a text, without looking each time whether it is one
    write = encode_basestring_ascii if ascii_only else encode_basestring
    shape = "  {" + ", ".join(f'"{key}": %s' for key in keys) + "}"
    columns = zip(*map(attrgetter(*keys), findings), strict=True)
    # a column at a time; what is no text is a whole number
    written = [
        [*map(write, values)] if isinstance(values[0], str) else values for values in columns
    ]
    return map(shape.__mod__, zip(*written, strict=True))


def render_findings(
    findings: Findings, keys: tuple[str, ...], *, ascii_only: bool = False, errors: str = "strict"
) -> bytes:
    """Write findings as a JSON list with one a line, in their order, in UTF-8.

    Args:
        findings: what was found.
        keys: what is written of each, such as KEYS.
        ascii_only: whether every other letter is written as an escape.
        errors: what becomes of half of a surrogate pair, as ``str.encode`` takes it.
    """
    lines: list[bytes | memoryview]
    if keys == EVERY_KEY and not ascii_only:
        lines = _merged(findings, errors)
    else:
        written = finding_lines([*findings], keys, ascii_only=ascii_only)
        lines = [line.encode("utf-8", errors) for line in written]
    return b"[\n" + _BETWEEN.encode().join(lines) + b"\n]" if lines else b"[]"


def _merged(findings: Findings, errors: str) -> list[bytes | memoryview]:
    """Give the lines of every finding in order; what was kept stays together as it is.

    No name of a folder begins another with its slash, so that whatever is about no file in a
    folder stands before all that is about one, or behind it.
    """
    parts, some = findings.parted()
    folders = {one.folder: one for _, one in parts}
    loose = [*some]
    if len(folders) < len(parts):
        loose, folders = findings.items, {}
    for folder in {_folder_of(one.file) for one in some} & folders.keys():
        loose += folders.pop(folder).read()
    loose = in_order(loose)
    lines = [line.encode("utf-8", errors) for line in finding_lines(loose, EVERY_KEY)]
    units: list[tuple[str, bytes | memoryview]]
    units = [*zip(map(attrgetter("file"), loose), lines, strict=True)]
    units += [(folder, one.text) for folder, one in folders.items()]
    return [text for _, text in sorted(units, key=itemgetter(0))]


def _folder_of(file: str) -> str:
    """Give the first two names of a path with their slashes; less where it is shorter."""
    return file[: file.find("/", file.find("/") + 1) + 1]
