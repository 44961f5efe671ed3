"""PO files for Weblate and Poedit: written by hand, read by Babel, whose home this is.

Babel's own writer breaks a long previous msgid in the middle of its string. The form is that of
the GNU gettext manual, chapter «The Format of PO Files»; nothing has a plural.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from programme.findings import Findings
from programme.languages import canonical
from programme.languages import language as known_language
from programme.units import LanguageTag
from programme.words import TranslationState
from scripts.translation_sheet import MOST_ROWS, Returned, ReturnedSheet, Row, cell_digest
from scripts.wording import shown

MOST_BYTES = 20_000_000

_FUZZY = frozenset({TranslationState.STALE, TranslationState.UNCONFIRMED, TranslationState.FAULTY})
_CHARSET = re.compile(rb"charset=([A-Za-z0-9._-]{1,40})")
_CONTEXT = re.compile(r'msgctxt "((?:[^"\\]|\\.)*)"\s*\Z')
_LAST = re.compile(r"\[([0-9a-f]{12})\]\Z")
_FORM = re.compile(
    r"\s*(?:#.*|(?:(?:domain|msgctxt|msgid|msgid_plural|msgstr(?:\[[0-9]\])?)\s*)?"
    r'"(?:[^"\\]|\\.)*"\s*)?'
)
"""What a line of a PO file is; Babel takes the quotes off whatever stands there."""
_LANGUAGE = re.compile(r'"Language: *([A-Za-z0-9_@-]*)')


def render_po(
    rows: Iterable[Row], *, source: LanguageTag, target: LanguageTag, project: str, dated: date
) -> bytes:
    """Write rows as a PO file in UTF-8.

    Args:
        rows: in order; what stands in ``before`` becomes the previous msgid of a fuzzy entry.
        source: language of the msgids.
        target: language of the msgstrs.
        project: id of the network.
        dated: the day of the export, which the header must name.
    """
    return "".join(
        [*_header(source, target, project, dated), *(_entry(row, source) for row in rows)]
    ).encode("utf-8")


def _header(source: LanguageTag, target: LanguageTag, project: str, dated: date) -> Iterator[str]:
    try:
        team = known_language(target).english
    except KeyError:
        team = target
    yield 'msgid ""\nmsgstr ""\n'
    for line in (
        f"Project-Id-Version: {project}",
        f"PO-Revision-Date: {dated.isoformat()} 00:00+0000",
        "Last-Translator: ",
        f"Language-Team: {team}",
        f"Language: {target.replace('-', '_')}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"X-Source-Language: {source}",
    ):
        yield _quoted(line + "\n") + "\n"


def _entry(row: Row, source: LanguageTag) -> str:
    fuzzy = row.state in _FUZZY and row.last != ""
    lines = ["", *(f"#. {part}".rstrip() for part in _comment(row))]
    lines.append(f"#. [{cell_digest(row.last)}]")
    lines.append(f"#: scripts/{row.segment}/{source}.md:{row.line}")
    if fuzzy:
        lines.append("#, fuzzy")
    if fuzzy and row.before:
        lines.append(f"#| msgid {_quoted(row.before)}")
    lines += [
        f"msgctxt {_quoted(row.id)}",
        f"msgid {_quoted(row.source)}",
        f"msgstr {_quoted(row.last)}",
        "",
    ]
    return "\n".join(lines)


def _comment(row: Row) -> list[str]:
    parts = [*row.note.split("\n"), f"{row.seconds:.1f} s" if row.seconds else ""]
    # any other line break would end the comment in somebody's reader
    return [" ".join(part.split()) for part in parts if part.strip()]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    for sign, written in (("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        escaped = escaped.replace(sign, written)
    return f'"{escaped}"'


def read_po_sheet(data: bytes, *, file: str, findings: Findings) -> ReturnedSheet | None:
    """Read a PO file that came back; None where it is none.

    An entry marked fuzzy is not finished; any other one with words counts as looked at.
    """
    text = _decode(data, file=file, findings=findings)
    if text is None:
        return None
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if _FORM.fullmatch(line) is None:
            _refuse(file, number, f"this line is of no PO file: {shown(line)}", findings)
            return None
    try:
        catalog = read_po(lines, abort_invalid=True)
    except (PoFileError, ValueError, IndexError, KeyError, AttributeError) as error:
        # Babel looks into broken entries without asking first whether they are there
        _refuse(file, _line_of(error), "this is no PO file", findings)
        return None
    if len(catalog) > MOST_ROWS:
        _refuse(file, 0, f"more than {MOST_ROWS} entries", findings)
        return None
    _note_doubles(lines, file=file, findings=findings)
    named = _LANGUAGE.search(text)
    language = canonical(named[1].partition("@")[0].replace("_", "-")) if named else None
    return ReturnedSheet(
        file=file,
        language=language,
        rows=tuple(_returned(message) for message in _entries(catalog)),
        confirms=True,
    )


def _decode(data: bytes, *, file: str, findings: Findings) -> str | None:
    named = _CHARSET.search(data[:4000])
    charset = named[1].decode("ascii") if named else "utf-8"
    try:
        text = data.decode("utf-8-sig" if charset.lower() in {"utf-8", "utf8"} else charset)
    except (UnicodeDecodeError, LookupError):
        findings.add(
            file=file,
            line=0,
            rule="translation.sheet-encoding",
            problem=f"these bytes are no text in {shown(charset)}",
            remedy="save the file as UTF-8",
        )
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse(file: str, line: int, problem: str, findings: Findings) -> None:
    findings.add(
        file=file,
        line=line,
        rule="translation.sheet",
        problem=problem,
        remedy="save it again with Poedit or Weblate; msgfmt --check tells what is wrong",
    )


def _line_of(error: Exception) -> int:
    found = re.search(r" on (\d+)\Z", str(error))
    return int(found[1]) + 1 if found else 0


def _entries(catalog: Catalog) -> Iterator[Message]:
    for message in catalog:
        if message.id and isinstance(message.id, str):
            yield message


def _returned(message: Message) -> Returned:
    said = message.string if isinstance(message.string, str) else ""
    return Returned(
        number=message.lineno or 0,
        id=message.context or "",
        source=str(message.id),
        target=said,
        last=_last(message),
        unsure=message.fuzzy,
    )


def _last(message: Message) -> str | None:
    """Give what an entry says of its words when it went out: a comment, kept by every editor."""
    found = [_LAST.match(comment) for comment in message.auto_comments]
    return next((match[1] for match in found if match), None)


def _note_doubles(lines: list[str], *, file: str, findings: Findings) -> None:
    """Note entries that are there twice; Babel would keep the last of them without a word."""
    seen: Counter[str] = Counter()
    for number, line in enumerate(lines, start=1):
        match = _CONTEXT.match(line)
        if match is None:
            continue
        seen[match[1]] += 1
        if seen[match[1]] == 2:
            findings.add(
                file=file,
                line=number,
                rule="translation.row-double",
                problem=f"the entry {shown(match[1])} is there twice",
                remedy="keep the right one; msguniq finds them",
            )
