"""Terms out and in: TBX and CSV come back exactly, Vale's rules as far as they are terms."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.errors import ProductionError
from programme.findings import Findings, Severity
from programme.units import LanguageTag
from scripts.nodes import Table
from scripts.read_terms import built_in_terms, parse_terms
from scripts.tbx import parse_tbx, render_tbx
from scripts.term_concepts import AvoidRow, Concept, LanguageTerms, TermData
from scripts.term_exchange import TermFormat, plan_import, render_export
from scripts.term_nodes import render_terms
from scripts.termbase import TermBase
from scripts.terms_csv import COLUMNS, parse_terms_csv, render_terms_csv
from scripts.xml_text import parse_xml
from scripts.yaml_text import parse_yaml

BUILT_IN = list(built_in_terms().concepts.values())
TERMS = TermBase()


def back(table: object) -> tuple[list[Concept], Findings]:
    assert isinstance(table, Table)
    findings = Findings()
    data, _ = parse_terms(table, file="f", base=TermData(), findings=findings, own=True)
    return list(data.concepts.values()), findings


def from_tbx(data: bytes) -> tuple[list[Concept], Findings]:
    findings = Findings()
    table = parse_tbx(parse_xml(data, file="f.tbx"), file="f.tbx", findings=findings)
    concepts, more = back(table)
    findings.extend(more)
    return concepts, findings


def from_csv(data: bytes) -> tuple[list[Concept], Findings]:
    findings = Findings()
    table = parse_terms_csv(data, file="f.csv", findings=findings)
    if table is None:
        return [], findings
    concepts, more = back(table)
    findings.extend(more)
    return concepts, findings


def from_yaml(data: bytes) -> tuple[list[Concept], Findings]:
    findings = Findings()
    table = parse_yaml(data.decode("utf-8"), file="f.yml", findings=findings)
    concepts, more = back(table)
    findings.extend(more)
    return concepts, findings


READERS = {
    "tbx": (render_tbx, from_tbx),
    "csv": (render_terms_csv, from_csv),
    "yaml": (render_terms, from_yaml),
}


@pytest.mark.parametrize("form", READERS)
def test_the_built_in_terms_come_back_as_they_went_out(form: str) -> None:
    render, read = READERS[form]
    data = render(BUILT_IN)
    concepts, findings = read(data)
    assert list(findings) == []
    assert concepts == BUILT_IN
    assert render(concepts) == data


# Words that tempt a spreadsheet, an XML parser, a YAML parser and a pattern.
WORDS = (
    *(
        "=1+1",
        "+x",
        "-x",
        "@x",
        "'x",
        "'=x",
        "''-x",
        "＝x",
        "#x",
        "- x",
        "yes",
        "no",
        "null",
        "0x1",
    ),
    *(
        "<b>&amp;</b>",
        "a]]>b",
        'a "b"',
        "a; b",
        "a, b",
        "a: b",
        "*x",
        "{x}",
        "a\\nb",
        "%s",
        "a\u00a0b",
    ),
    *("L’asile", "kʼicheʼ", "الاتجار", "यह मुफ़्त", "ñandú", "altavoz:row=x", "¿eh?"),
)
texts = st.sampled_from(WORDS)
maybe = st.just("") | texts
choices = st.sampled_from(
    ["(|in)migrante(|s)", "(a|b(|c)) d", "=x(|y)", "(-|+)x", "trata de personas", "d’(|l)x"]
)
patterns = st.lists(choices | texts, max_size=3, unique=True).map(tuple)
some = st.lists(texts, max_size=2, unique=True).map(tuple)
rows = st.builds(
    AvoidRow,
    row=texts,
    avoid=st.lists(choices | texts, min_size=1, max_size=3, unique=True).map(tuple),
    say=texts,
    severity=st.sampled_from(Severity),
    unless=patterns,
    negatable=st.booleans(),
    ambiguous=st.booleans(),
    bad=some,
    good=some,
    off=maybe,
)
languages = st.builds(
    LanguageTerms,
    definition=maybe,
    reason=maybe,
    use=patterns,
    audience_words=patterns,
    also=patterns,
    unless=patterns,
    avoid=st.lists(rows, max_size=2, unique_by=lambda row: row.row).map(tuple),
)
concepts = st.builds(
    Concept,
    id=st.sampled_from(["a", "b-c", "trafficking-in-persons"]),
    sources=some,
    confusable_with=st.just(()),
    terms=st.dictionaries(
        st.sampled_from([LanguageTag(tag) for tag in ("es", "pt-BR", "ar", "id", "ht", "quc")]),
        languages,
        max_size=2,
    ),
)
bases = st.lists(concepts, max_size=2, unique_by=lambda one: one.id)


@pytest.mark.parametrize("form", READERS)
@given(found=bases)
def test_any_terms_come_back_as_they_went_out(form: str, found: list[Concept]) -> None:
    render, read = READERS[form]
    again, findings = read(render(found))
    lost = [f for f in findings if f.severity is Severity.ERROR and f.rule != "terms.tbx"]
    assert lost == []
    assert again == found


@given(found=bases)
def test_no_cell_of_a_sheet_is_a_formula(found: list[Concept]) -> None:
    text = render_terms_csv(found).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text)):
        assert len(row) == len(COLUMNS)
        assert not [cell for cell in row if cell[:1] in set("=+-@\t\r")]


FOREIGN = """\
<?xml version="1.0"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en">
  <martifHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></martifHeader>
  <text><body>
    <termEntry id="IATE-1234">
      <descripGrp><descrip type="definition">Help for money.</descrip></descripGrp>
      <langSet xml:lang="ES">
        <ntig><termGrp><term>ayuda (en efectivo)</term>
          <termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termGrp></ntig>
        <tig><term>limosna</term>
          <termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig>
        <tig><term>platita</term>
          <termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig>
      </langSet>
    </termEntry>
  </body></text>
</martif>
"""
DCT = """\
<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
  xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
 <text><body><conceptEntry id="ayuda-en-efectivo">
  <langSec xml:lang="es"><basic:definition>Help for money.</basic:definition>
   <termSec><term>ayuda (en efectivo)</term>
    <min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec>
   <termSec><term>limosna</term>
    <min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus></termSec>
   <termSec><term>platita</term>
    <min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus></termSec>
  </langSec></conceptEntry></body></text></tbx>
"""


@pytest.mark.parametrize(("text", "defined_in"), [(FOREIGN, "en"), (DCT, "es")])
def test_what_other_tools_write_is_read_in_both_styles_and_the_older_form(
    text: str, defined_in: str
) -> None:
    (concept,), findings = from_tbx(text.encode())
    assert list(findings) == []
    assert concept.id == "ayuda-en-efectivo"
    assert concept.terms[LanguageTag(defined_in)].definition == "Help for money."
    terms = concept.terms[LanguageTag("es")]
    assert terms.use == ("ayuda en efectivo",)
    assert terms.audience_words == ("platita",)
    (row,) = terms.avoid
    assert (row.avoid, row.say, row.severity) == (
        ("limosna",),
        "ayuda (en efectivo)",
        Severity.WARNING,
    )


def test_every_fault_of_a_tbx_is_told_with_its_line() -> None:
    text = """\
<tbx><text><body>
<conceptEntry id="a"><langSec xml:lang="es">
<tig><term>x</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig>
<termSec><term></term></termSec></langSec>
<langSec><termSec><term>y</term></termSec></langSec>
<langSec xml:lang="zz"><termSec><term>z</term></termSec></langSec></conceptEntry>
<conceptEntry id="a"/>
</body></text></tbx>"""
    _, findings = from_tbx(text.encode())
    assert [(f.line, f.rule) for f in findings if f.file == "f.tbx"] == [
        (3, "terms.tbx"),
        (4, "terms.tbx"),
        (5, "terms.tbx"),
        (7, "terms.tbx"),
    ]
    assert [f.problem for f in findings if f.file == "f"] == ["zz is no language"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the sheet is empty"),
        (b"concept,colour\na,red\n", "nobody knows the column colour"),
        (b"concept,concept\n", "the first row must name"),
        (b"concept,language,row\n,es,1\n", "concept is empty"),
        (b"concept,language,patterns\na,es,(x\n", "brackets do not match"),
        (b"concept,language,patterns,say,severity\na,es,x,y,bad\n", "severity: bad"),
        (b"concept,language\na,zz\n", "zz is no language"),
        (b"concept\n\xff\n", "the bytes are not UTF-8"),
    ],
)
def test_a_damaged_sheet_is_told_at_its_row(data: bytes, said: str) -> None:
    _, findings = from_csv(data)
    assert said in "; ".join(f.problem for f in findings)
    assert findings.has_errors


def test_a_sheet_that_a_spreadsheet_saved_again_is_read() -> None:
    rows = list(csv.reader(io.StringIO(render_terms_csv(BUILT_IN[:3]).decode("utf-8-sig"))))
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    assert from_csv(out.getvalue().encode("utf-8"))[0] == BUILT_IN[:3]
    out = io.StringIO()
    csv.writer(out, delimiter="\t").writerows(rows)
    assert from_csv(out.getvalue().encode("utf-16"))[0] == BUILT_IN[:3]


def plan(path: Path, root: Path, *, name: str = "", language: str = "") -> bytes | None:
    findings = Findings()
    found = plan_import(
        path, root=root, name=name, language=language, terms=TERMS, findings=findings
    )
    return None if found is None else found.data


def test_an_import_adds_to_a_file_that_stands_already(tmp_path: Path) -> None:
    (tmp_path / "terms").mkdir()
    (tmp_path / "terms/ours.yml").write_text(
        'concepts: [{id: "own-word", reason: {es: "porque sí"}}]\n', "utf-8"
    )
    (tmp_path / "one.tbx").write_text(FOREIGN, "utf-8")
    data = plan(tmp_path / "one.tbx", tmp_path, name="ours")
    assert data is not None
    assert [one.id for one in from_yaml(data)[0]] == ["own-word", "ayuda-en-efectivo"]


def test_what_was_exported_changes_nothing_when_it_comes_back(tmp_path: Path) -> None:
    for form, name in ((TermFormat.TBX, "all.tbx"), (TermFormat.CSV, "all.csv")):
        (tmp_path / name).write_bytes(render_export(BUILT_IN, form)[""])
        data = plan(tmp_path / name, tmp_path)
        assert data is not None
        assert from_yaml(data)[0] == []


def test_only_what_is_said_otherwise_here_is_written(tmp_path: Path) -> None:
    changed = [replace(BUILT_IN[0], sources=("Partner, 2026",)), *BUILT_IN[1:]]
    for form, name in ((TermFormat.TBX, "all.tbx"), (TermFormat.CSV, "all.csv")):
        (tmp_path / name).write_bytes(render_export(changed, form)[""])
        data = plan(tmp_path / name, tmp_path)
        assert data is not None
        assert from_yaml(data)[0] == changed[:1]


@pytest.mark.parametrize("name", ["a.docx", "folder"])
def test_a_file_that_holds_no_terms_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("x", "utf-8") if "." in name else path.mkdir()
    with pytest.raises(ProductionError):
        plan(path, tmp_path)


def test_an_entity_bomb_in_a_tbx_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.tbx"
    path.write_text('<!DOCTYPE x [<!ENTITY a "aaaa">]><tbx>&a;</tbx>', "utf-8")
    with pytest.raises(ProductionError):
        plan(path, tmp_path)
