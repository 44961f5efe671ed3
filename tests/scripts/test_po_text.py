"""PO: msgfmt and Babel read what we write, and what they give back is taken as it is."""

import io
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from programme.findings import Findings
from programme.units import LanguageTag
from programme.words import TranslationState
from scripts.po_text import read_po_sheet, render_po
from scripts.translation_sheet import Row
from tests.scripts.carrying import CELLS, back, row
from tests.scripts.translating import AR, ES, FR
from tests.strict import ToolFinder


def po(*rows: Row, target: LanguageTag = FR) -> bytes:
    return render_po(rows, source=ES, target=target, project="red", dated=date(2026, 11, 22))


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_any_words_come_back_from_po(pairs: list[tuple[str, str]]) -> None:
    # an entry is known by its context; what has no words has no entry
    kept = {f"asilo/{n}": pair for n, pair in enumerate(pairs) if pair[0]}
    rows = [
        Row(
            id=name,
            segment="asilo",
            place=1,
            line=3,
            source=source,
            last=target,
            before="",
            note="",
            seconds=1.0,
            state=TranslationState.FRESH,
        )
        for name, (source, target) in kept.items()
    ]
    found = read_po_sheet(po(*rows), file="x.po", findings=Findings())
    assert back(found) == [(r.id, r.source, r.last) for r in rows]


@pytest.mark.tools
def test_msgfmt_finds_nothing_to_say_and_compiles_the_words(
    tool: ToolFinder, tmp_path: Path
) -> None:
    stale = row("Vaya hasta el {{date:2026-12-01}}.", 'Allez-y\n"vite".', state="stale")
    rows = [
        replace(stale, before='Vaya "antes" del {{date:2026-11-30}}, ' * 5),
        row("Pida.", "اطلبوا 😀"),
        row("Llame.", ""),
    ]
    path, out = tmp_path / "x.po", tmp_path / "x.mo"
    path.write_bytes(po(*rows))
    done = subprocess.run(
        [tool("msgfmt"), "--check", "--check-accelerators", "--statistics", "-o", out, path],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C.UTF-8"},
    )
    assert (done.returncode, done.stderr.strip()) == (
        0,
        "1 translated message, 1 fuzzy translation, 1 untranslated message.",
    )
    assert "اطلبوا 😀".encode() in out.read_bytes()


def test_a_stale_line_is_fuzzy_and_shows_what_it_was() -> None:
    stale = replace(row("Vaya hoy.", "Allez.", state="stale"), before="Vaya ayer.")
    text = po(stale).decode()
    assert '#, fuzzy\n#| msgid "Vaya ayer."\nmsgctxt "asilo/' in text
    assert "#: scripts/asilo/es-419.md:3\n" in text
    assert "#. for: refugees\n#. 1.5 s\n#. [" in text
    found = read_po_sheet(po(stale), file="x.po", findings=Findings())
    assert found is not None
    assert (found.language, found.confirms, found.rows[0].unsure) == ("fr", True, True)


def test_babel_reads_the_same_entries_and_header() -> None:
    catalog = read_po(io.BytesIO(po(row("Vaya.", "اذهبوا"), target=AR)))
    (entry,) = [message for message in catalog if message.id]
    assert (entry.id, entry.string, entry.locations) == (
        "Vaya.",
        "اذهبوا",
        [("scripts/asilo/es-419.md", 3)],
    )
    assert catalog.locale_identifier == "ar"


def test_a_language_with_a_region_is_written_as_gettext_does_and_read_as_a_tag() -> None:
    data = po(row("Vaya.", "Vá."), target=LanguageTag("pt-BR"))
    assert b'"Language: pt_BR\\n"' in data
    found = read_po_sheet(data, file="x.po", findings=Findings())
    assert found is not None
    assert found.language == "pt-BR"


def test_an_entry_that_is_there_twice_is_told_at_its_line() -> None:
    one = po(row("Vaya.", "Allez."))
    entry = one[one.index(b"#. for") :]
    findings = Findings()
    read_po_sheet(one + b"\n" + entry, file="x.po", findings=findings)
    (found,) = findings.items
    assert found.rule == "translation.row-double"
    assert (one + b"\n" + entry).split(b"\n")[found.line - 1].startswith(b"msgctxt")


@pytest.mark.parametrize("broken", ['msgstr Allez."', 'msgstr "Allez.', "Allez.", 'msgstr "A" "B"'])
def test_a_line_whose_quotes_were_lost_is_told_and_no_letter_is_taken_off(broken: str) -> None:
    data = po(row("Vaya.", "Allez.")).replace(b'msgstr "Allez."', broken.encode())
    findings = Findings()
    assert read_po_sheet(data, file="x.po", findings=findings) is None
    (found,) = findings.items
    assert found.rule == "translation.sheet"
    assert data.split(b"\n")[found.line - 1] == broken.encode()


@given(st.binary(max_size=200))
def test_no_bytes_make_the_po_reader_stumble(tail: bytes) -> None:
    findings = Findings()
    head = po(row("Vaya.", "Allez."))
    sheet = read_po_sheet(head + tail, file="x.po", findings=findings)
    assert sheet is not None or findings.has_errors


@given(
    st.lists(
        st.sampled_from(
            [
                'msgid "a"\n', 'msgstr "b"\n', 'msgctxt "c"\n', 'msgid_plural "x"\n',
                'msgstr[0] "x"\n', 'msgstr[9] "x"\n', "msgstr[x]\n", '"y"\n', '#~ msgid "z"\n',
                "#, fuzzy\n", "#: \u2068a\n", "\n", "msgid\n",
                '"Plural-Forms: x\\n"\n', 'msgid ""\n',
                'msgstr ""\n', '"Content-Type: text/plain; charset=x\\n"\n', '"Language: !\\n"\n',
            ]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_no_broken_po_makes_the_reader_stumble(lines: list[str]) -> None:
    findings = Findings()
    sheet = read_po_sheet("".join(lines).encode(), file="x.po", findings=findings)
    assert sheet is not None or findings.has_errors
