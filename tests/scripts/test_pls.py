"""W3C PLS: what is written follows the Recommendation, reads back whole, and faults are named."""

import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.errors import ProductionError
from programme.findings import Findings, Severity
from programme.units import LanguageTag
from scripts.lexicon import Pronunciation, WordKind, builtin, is_exact
from scripts.lexicon_edit import make_entry, merge_entries, write_merged
from scripts.pls import NAMESPACE, PlsFile, read_pls, render_pls
from scripts.read_lexicon import parse_lexicon
from scripts.xml_text import parse_xml, read_xml

ES = LanguageTag("es-419")
P = f"{{{NAMESPACE}}}"
XML = "{http://www.w3.org/XML/1998/namespace}"

# From section 4.9.1 of the Recommendation on, in our own words: other programs write like this.
FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://www.w3.org/2005/01/pronunciation-lexicon pls.xsd"
    alphabet="ipa" xml:lang="es">
  <meta name="author" content="radio"/>
  <lexeme>
    <grapheme>Danlí</grapheme>
    <grapheme>DANLÍ</grapheme>
    <alias>  dan
      li </alias>
    <example>Voy a Danlí.</example>
  </lexeme>
  <lexeme role="x:noun" xmlns:x="urn:x">
    <grapheme>Trojes</grapheme>
    <phoneme>ˈtɾoxes</phoneme>
    <phoneme prefer="true">ˈtɾohes</phoneme>
  </lexeme>
</lexicon>
"""


def read(data: bytes | str, file: str = "a.pls") -> tuple[PlsFile | None, list[tuple[str, int]]]:
    findings = Findings()
    raw = data.encode() if isinstance(data, str) else data
    found = read_pls(parse_xml(raw, file=file), file=file, findings=findings)
    return found, [(f.rule, f.line) for f in findings]


def check_structure(data: bytes) -> None:
    """Judge by the Recommendation's sections 4.1 to 4.7, with another XML reader."""
    root = ET.fromstring(data)  # noqa: S314 - our own bytes
    assert root.tag == f"{P}lexicon"
    assert root.get("version") == "1.0"
    assert root.get("alphabet")
    assert root.get(f"{XML}lang")
    names = [child.tag for child in root]
    order = [name for name in (f"{P}meta", f"{P}metadata", f"{P}lexeme") if name in names]
    assert sorted(names, key=order.index) == names
    assert names.count(f"{P}metadata") <= 1
    ids = [one.get(f"{XML}id") for one in root.iter(f"{P}lexeme")]
    assert len(set(ids)) == len(ids)
    for lexeme in root.iter(f"{P}lexeme"):
        parts = [child.tag for child in lexeme]
        assert set(lexeme.attrib) <= {f"{XML}id", "role"}
        assert parts[0] == f"{P}grapheme"
        assert {f"{P}alias", f"{P}phoneme"} & set(parts)
        assert set(parts) <= {f"{P}{n}" for n in ("grapheme", "alias", "phoneme", "example")}
        assert all((child.text or "").strip() for child in lexeme)
    for metadata in root.iter(f"{P}metadata"):
        assert all(not inner.tag.startswith(P) for inner in metadata.iter() if inner != metadata)


letters = st.text(st.sampled_from("abcdñáéüzABCÑʼ' "), min_size=1, max_size=12)
words = letters.map(lambda t: " ".join(t.split())).filter(lambda t: any(c.isalpha() for c in t))
printable = st.text(max_size=20).map(lambda t: "".join(c for c in t if c.isprintable()))
notes = printable.map(lambda t: " ".join(unicodedata.normalize("NFC", t).split()))
entries = st.builds(
    Pronunciation,
    written=words,
    say=words,
    ipa=st.sampled_from(["", "ˈtɾoxes", "a b"]),
    voices=st.sampled_from([(), ("espeak",), ("espeak/es-419", "gtts")]),
    kind=st.sampled_from(list(WordKind)),
    exact=st.booleans(),
    full=st.lists(words, max_size=2, unique=True).map(tuple),
    note=notes,
)
many = st.lists(entries, max_size=6, unique_by=lambda entry: entry.key)


def bare(found: tuple[Pronunciation, ...]) -> list[Pronunciation]:
    return [replace(entry, line=0) for entry in found]


@given(many)
def test_what_is_exported_follows_the_recommendation_and_comes_back_whole(
    made: list[Pronunciation],
) -> None:
    data = render_pls(made, ES)
    assert data == render_pls(made, ES)
    check_structure(data)
    found, faults = read(data)
    assert found is not None
    assert faults == []
    assert found.language == ES
    assert bare(found.entries) == sorted(made, key=lambda entry: bool(entry.voices))
    assert render_pls(found.entries, ES) == data


@pytest.mark.parametrize("base", ["es", "en", "fr", "pt", "ar", "ht"])
def test_the_built_in_entries_can_be_exported(base: str) -> None:
    tag = LanguageTag(base)
    made = [replace(one, one="") for one in builtin(tag) if one.say]
    data = render_pls(made, tag)
    check_structure(data)
    found, faults = read(data)
    assert found is not None
    assert {rule for rule, _ in faults} <= {"pls.words"}
    assert len(found.entries) == len(made) - len(faults)


def test_a_file_of_another_program_is_read() -> None:
    found, faults = read(FOREIGN)
    assert found is not None
    assert [(one.written, one.say, one.ipa, one.line) for one in found.entries] == [
        ("Danlí", "dan li", "", 7),
        ("DANLÍ", "dan li", "", 7),
        ("Trojes", "", "ˈtɾohes", 14),
    ]
    assert faults == [("pls.graphemes", 7), ("pls.alternative", 16)]


HEAD = f'<lexicon version="1.0" xmlns="{NAMESPACE}" alphabet="ipa" xml:lang="es">\n'
FAULTS = [
    ('<lexicon version="1.0" alphabet="ipa" xml:lang="es"/>', [("pls.namespace", 1)]),
    (f'<x xmlns="{NAMESPACE}"/>', [("pls.namespace", 1)]),
    (HEAD.replace("1.0", "2.0") + "</lexicon>", [("pls.version", 1)]),
    (HEAD.replace(' xml:lang="es"', "") + "</lexicon>", [("pls.language", 1)]),
    (HEAD.replace('"es"', '"zz"') + "</lexicon>", [("pls.language", 1)]),
    (HEAD.replace(' alphabet="ipa"', "") + "</lexicon>", [("pls.alphabet", 1)]),
    ("<lexeme><alias>a</alias></lexeme>", [("pls.grapheme", 2)]),
    ("<lexeme><grapheme>a</grapheme></lexeme>", [("pls.pronunciation", 2)]),
    ("<lexeme><grapheme>a</grapheme><alias>911</alias></lexeme>", [("pls.words", 2)]),
    ("<lexeme><grapheme>W3C</grapheme><alias>be</alias></lexeme>", [("pls.words", 2)]),
    ("<lexeme><grapheme>a</grapheme><alias> </alias></lexeme>", [("pls.words", 2)]),
    ("<lexeme><grapheme>a</grapheme><alias>b<c/></alias></lexeme>", [("pls.element", 2)]),
    (
        '<lexeme><grapheme>a</grapheme><phoneme alphabet="x-sampa">b</phoneme></lexeme>',
        [("pls.alphabet", 2)],
    ),
    ("<lexeme><grapheme>a</grapheme><phoneme>[[b]]</phoneme></lexeme>", [("pls.phoneme", 2)]),
    (
        "<lexeme>\n<grapheme>a</grapheme><say>b</say></lexeme>",
        [("pls.pronunciation", 2), ("pls.element", 3)],
    ),
    ("<word/>", [("pls.element", 2)]),
    ("<lexeme><grapheme>ocho</grapheme><alias>nueve</alias></lexeme>", [("lexicon.number", 2)]),
    (
        "\n".join(
            f"<lexeme><grapheme>{a}</grapheme><alias>{b}</alias></lexeme>" for a, b in ("ab", "Ac")
        ),
        [("pls.duplicate", 3)],
    ),
]


@pytest.mark.parametrize(("inner", "found"), FAULTS)
def test_each_fault_is_found_once_at_its_line(inner: str, found: list[tuple[str, int]]) -> None:
    text = inner if inner.startswith(("<lexicon", "<x ")) else f"{HEAD}{inner}\n</lexicon>"
    assert read(text)[1] == found


def test_a_bomb_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE lexicon [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + HEAD
    with pytest.raises(ProductionError, match="document type"):
        read(bomb + "<lexeme><grapheme>&b;</grapheme></lexeme></lexicon>")
    huge = tmp_path / "huge.pls"
    huge.write_bytes(HEAD.encode() + b" " * 50_000_000)
    with pytest.raises(ProductionError, match="larger"):
        read_xml(huge, file="huge.pls")


def test_what_a_stranger_writes_into_our_own_part_is_judged() -> None:
    data = render_pls([make_entry("Danlí", language=ES, say="dan li", voices=["gtts"])], ES)
    found, faults = read(data.replace(b'"gtts"', b'"sam"'))
    assert found is not None
    assert [rule for rule, _ in faults] == ["pls.metadata"]
    assert found.entries[0].voices == ()


def merged(root: Path, *made: Pronunciation, replacing: bool = False) -> tuple[int, int, int]:
    findings = Findings()
    result = merge_entries(root, ES, made, replacing=replacing, findings=findings)
    assert result is not None
    if result.changes:
        write_merged(root, result)
    return len(result.added), len(result.replaced), len(result.kept)


def test_entries_are_added_below_what_is_there_and_comments_stay(tmp_path: Path) -> None:
    first = make_entry("Danlí", language=ES, say="dan li", note="Honduras: on the road")
    assert merged(tmp_path, first) == (1, 0, 0)
    path = tmp_path / "lexicon/es-419.yml"
    path.write_text("# ours\n" + path.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    assert merged(tmp_path, first, make_entry("OIM", language=ES, say="oim")) == (1, 0, 0)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ours\n")
    assert merged(tmp_path, make_entry("OIM", language=ES, say="o i eme")) == (0, 0, 1)
    assert path.read_text(encoding="utf-8") == text
    assert merged(tmp_path, make_entry("OIM", language=ES, say="o i eme"), replacing=True) == (
        0,
        1,
        0,
    )
    said = parse_lexicon(path.read_text("utf-8"), file="x", language=ES, findings=Findings())
    assert [(one.written, one.say) for one in said] == [("Danlí", "dan li"), ("OIM", "o i eme")]


@given(many)
def test_a_lexicon_file_reads_back_what_was_written(made: list[Pronunciation]) -> None:
    distinct = [
        one for one in made if not any(o is not one and o.key[0] == one.key[0] for o in made)
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        merged(root, *distinct)
        path = root / "lexicon/es-419.yml"
        text = path.read_text(encoding="utf-8") if path.exists() else "[]"
        findings = Findings()
        found = parse_lexicon(text, file="x", language=ES, findings=findings)
        assert list(findings) == []
        assert bare(found) == distinct


def test_a_faulty_file_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "lexicon/es-419.yml"
    path.parent.mkdir()
    path.write_text('- written: "A"\n', encoding="utf-8")
    findings = Findings()
    made = [make_entry("OIM", language=ES, say="oim")]
    assert merge_entries(tmp_path, ES, made, replacing=True, findings=findings) is None
    assert [f.severity for f in findings] == [Severity.ERROR]


@pytest.mark.parametrize(
    ("written", "say", "voices"),
    [("911", "nueve", []), ("OIM", "o-1-m", []), ("OIM", "", []), ("OIM", "oim", ["sam"])],
)
def test_an_entry_that_nobody_could_say_is_refused(
    written: str, say: str, voices: list[str]
) -> None:
    with pytest.raises(ProductionError) as caught:
        make_entry(written, language=ES, say=say, voices=voices)
    assert caught.value.remedy


def test_capitals_are_compared_where_a_word_is_all_capitals() -> None:
    assert is_exact("US")
    assert not is_exact("us")
    assert not is_exact("A")
