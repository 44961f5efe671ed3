"""Revoking a consent: one line in its record; every other byte stays as it was."""

import re
import stat
from datetime import date
from pathlib import Path

from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.storage import write_beside
from scripts.fields import parse_day
from scripts.nodes import Table, Text
from scripts.read_consent import FOLDERS, consent_files
from scripts.yaml_text import parse_yaml, read_table

_KEY = "revoked_on"
_LINE = re.compile(rb"^revoked_on[ \t]*:[ \t]*(?:\"\"|''|)[ \t]*(#[^\r\n]*)?(?=\r?$)", re.MULTILINE)


def revoke_consent(root: Path, name: str, *, on: date) -> Path:
    """Write the day of revoking into a record; gives its file.

    Works whatever else is wrong with the workspace or with the record's values.

    Raises:
        ProductionError: there is no record, it was revoked before, its form does not let a line
            be added, or the disk refuses.
    """
    found = consent_files(root, name)
    if len(found) > 1:
        raise ProductionError(
            f"there are two records {name}",
            where=found[1].relative_to(root).as_posix(),
            remedy=f'write the line {_KEY}: "{on}" into both; until one is deleted, what they '
            "cover is left out",
        )
    if not found:
        raise ProductionError(
            f"there is no consent record {name}",
            where=FOLDERS[0],
            remedy="see: altavoz consent list; segments that name it are left out already",
            code=ExitCode.USAGE,
        )
    (path,) = found
    file = path.relative_to(root).as_posix()
    before = read_table(path, file=file, findings=Findings())
    if before is None:
        raise _by_hand(file, on)
    known = before.entries.get(_KEY)
    if isinstance(known, Text) and parse_day(known.value.strip()) is not None:
        raise ProductionError(
            "this consent was revoked before",
            where=file,
            remedy=f"see where it went: altavoz consent show {name}",
            code=ExitCode.USAGE,
        )
    data = path.read_bytes()
    new = _with_day(data, on)
    if not _says_just_this(before, new, file, on):
        raise _by_hand(file, on)
    # A record that only its owner may read stays so from the first moment.
    write_beside(path, new, mode=stat.S_IMODE(path.stat().st_mode))
    return path


def _with_day(data: bytes, on: date) -> bytes:
    said = f'{_KEY}: "{on}"'.encode()
    if _LINE.search(data):
        return _LINE.sub(
            lambda found: said + (b"  " + found[1] if found[1] else b""), data, count=1
        )
    line_end = b"\r\n" if b"\r\n" in data else b"\n"
    gap = b"" if data.endswith((b"\n", b"\r")) else line_end
    return data + gap + said + line_end


def _says_just_this(before: Table, data: bytes, file: str, on: date) -> bool:
    """Tell whether the new bytes hold what was there, and the day, and nothing else."""
    findings = Findings()
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    after = parse_yaml(text, file=file, findings=findings)
    if not isinstance(after, Table) or not isinstance(after.entries.get(_KEY), Text):
        return False
    said = after.entries[_KEY]
    kept = {key: node for key, node in after.entries.items() if key != _KEY}
    old = {key: node for key, node in before.entries.items() if key != _KEY}
    return isinstance(said, Text) and said.value == on.isoformat() and kept == old


def _by_hand(file: str, on: date) -> ProductionError:
    return ProductionError(
        "this record cannot be changed by a command",
        where=file,
        remedy=f'open it in an editor and write the line {_KEY}: "{on}"',
    )
