"""Script files: what a clean one gives, and each fault found once at its line."""

import pytest

from programme.findings import Findings, Severity
from programme.units import LanguageTag
from scripts.house_style import built_in_style
from scripts.script_file import parse_script
from tests.scripts.script_reading import BOOK, read

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

CLEAN = """\ufeff<!-- Para grabar en 2026: sin números -->\r
# Pedir refugio es gratis\r
\r
Pedir refugio es gratis.\r
Llame al {{phone:mx-lnctp}}.\r
\r
\r
<!-- otra nota -->\r
Nadie puede cobrarle.\r
"""


def test_a_clean_script_gives_title_sentences_and_paragraphs() -> None:
    script, findings = read(CLEAN)
    assert not len(findings)
    assert script is not None
    assert (script.title, script.title_line) == ("Pedir refugio es gratis", 2)
    assert [(s.line, s.paragraph, s.text) for s in script.sentences] == [
        (4, 0, "Pedir refugio es gratis."),
        (5, 0, "Llame al 800 5533 000."),
        (9, 1, "Nadie puede cobrarle."),
    ]
    assert script.sentences[1].raw == "Llame al {{phone:mx-lnctp}}."
    assert script.sentences[1].spoken == (
        "Llame al ocho cero cero, cinco cinco tres tres, cero cero cero."
    )
    assert script.facts == ("mx-lnctp",)


def test_line_ends_and_the_byte_order_mark_change_nothing() -> None:
    one, _ = read(CLEAN)
    two, _ = read(CLEAN.replace("\r\n", "\n").removeprefix("\ufeff"))
    three, _ = read(CLEAN.replace("\r\n", "\r"))
    assert one == two == three


def test_decomposed_letters_are_composed() -> None:
    one, _ = read("# Li\u0301nea\n\nLa li\u0301nea es gratis.\n")
    two, _ = read("# Línea\n\nLa línea es gratis.\n")
    assert one == two


@pytest.mark.parametrize("mark", ["'", "’", "‘", "`", "´", "ʻ", "ʼ", "′", "ꞌ"])
def test_every_apostrophe_of_a_mayan_word_becomes_the_same_letter(mark: str) -> None:
    script, findings = read(f"# K{mark}iche{mark}\n\nUtz apetik pa K{mark}iche{mark}.\n", "quc")
    assert not len(findings)
    assert script is not None
    assert script.title == "Kʼicheʼ"
    assert script.sentences[0].spoken == "Utz apetik pa Kʼicheʼ."


def test_an_apostrophe_of_french_stays_as_it_was_typed() -> None:
    script, _ = read("# L’asile\n\nL’asile est gratuit.\n", "fr")
    assert script is not None
    assert script.sentences[0].raw == "L’asile est gratuit."


def test_the_digest_follows_what_is_said_and_nothing_else() -> None:
    base, _ = read("# T\n\nUno.\nLlame al {{phone:mx-lnctp}}.\n")
    moved, _ = read("# T\n<!-- nota -->\n\n\nUno.\n\nLlame  al {{ phone:mx-lnctp }}.\n")
    said, _ = read("# T\n\nUna.\nLlame al {{phone:mx-lnctp}}.\n")
    titled, _ = read("# U\n\nUno.\nLlame al {{phone:mx-lnctp}}.\n")
    assert base is not None
    assert moved is not None
    assert said is not None
    assert titled is not None
    assert base.words_digest == moved.words_digest
    assert len({base.words_digest, said.words_digest, titled.words_digest}) == 3


def test_a_title_may_hold_a_date_and_no_fact() -> None:
    script, _ = read("# Hasta el {{date:2026-12-01}}\n\nEs gratis.\n")
    assert script is not None
    assert script.title == "Hasta el 1 de diciembre de 2026"
    assert read("# Llame al {{phone:mx-lnctp}}\n\nEs gratis.\n")[0] is None


FAULTS = [
    # lines after the title and a blank line, the rule, its line, how much it weighs
    ("Llame al 911.", "words.raw-digits", 3, ERROR),
    ("Pague ٥ pesos.", "words.raw-digits", 3, ERROR),
    ("Pague ½ peso.", "words.raw-digits", 3, ERROR),
    ("Son ² personas.", "words.raw-digits", 3, ERROR),
    ("Bien.\nLlame\x00 ya.", "words.control", 4, ERROR),
    ("Llame\x01 ya.", "words.control", 3, ERROR),
    ("Llame\x0b ya.", "words.control", 3, ERROR),
    ("\x1bcLlame ya.", "words.control", 3, ERROR),
    ("Llame\u0085 ya.", "words.control", 3, ERROR),
    ("Llame\u2028 ya.", "words.control", 3, ERROR),
    ("Llame \ud800 ya.", "words.control", 3, ERROR),
    ("Llame \ufffe ya.", "words.control", 3, ERROR),
    ("Llame \ue000 ya.", "words.control", 3, ERROR),
    ("No \u202epague\u202c nada.", "words.bidi", 3, ERROR),
    ("No \u2066pague\u2069 nada.", "words.bidi", 3, ERROR),
    ("No\u200f pague.", "words.bidi", 3, ERROR),
    ("Re\u200bfugio gratis.", "words.invisible", 3, ERROR),
    ("Re\u200dfugio gratis.", "words.invisible", 3, ERROR),
    ("Re\u00adfugio gratis.", "words.invisible", 3, ERROR),
    ("Refugio\ufe0f gratis.", "words.invisible", 3, ERROR),
    ("Refugio\U000e0041 gratis.", "words.invisible", 3, ERROR),
    ("Refugio\u3164 gratis.", "words.invisible", 3, ERROR),
    ("Es <b>gratis.", "words.markup", 3, ERROR),
    ("Es [[gratis]].", "words.markup", 3, ERROR),
    ("Es *gratis*.", "words.markup", 3, ERROR),
    ("Es _gratis_.", "words.markup", 3, ERROR),
    ("Es `gratis`.", "words.markup", 3, ERROR),
    ("Es gratis.\n# Otro título", "words.markup", 4, ERROR),
    ("Es gratis <!-- nota -->", "words.markup", 3, ERROR),
    ("Es gratis (o no).", "words.aside", 3, WARNING),
    ("Un niño y/o una niña.", "words.aside", 3, WARNING),
    ("Cuesta $ nada.", "words.symbol", 3, ERROR),
    ("Es gratis \u263a.", "words.symbol", 3, ERROR),
    ("Escriba a uno @ otro.", "words.symbol", 3, ERROR),
    ("Pague un % nada.", "words.symbol", 3, ERROR),
    ("La n.º tal.", "words.symbol", 3, ERROR),
    ("Pedir rеfugio es gratis.", "words.letter", 3, ERROR),
    ("Pedir ρefugio es gratis.", "words.letter", 3, ERROR),
    ("Pedir ｒefugio es gratis.", "words.letter", 3, ERROR),
    ("Pedir مرحبا es gratis.", "words.letter", 3, ERROR),
    ("Pedir rx\u0301\u0302\u0303\u0304\u0305 gratis.", "words.marks", 3, ERROR),
    ("Es { gratis.", "placeholder.brace", 3, ERROR),
    ("Es gratis }}.", "placeholder.brace", 3, ERROR),
    ("Llame al {phone:mx-lnctp}.", "placeholder.brace", 3, ERROR),
    ("Llame al {{phone:nobody}}.", "placeholder.id", 3, ERROR),
    ("Es gratis. Nadie cobra.", "script.two-sentences", 3, WARNING),
    ("¿Tiene miedo? ¿Está solo?", "script.two-sentences", 3, WARNING),
    ("Llame al {{phone:mx-lnctp}}. Es gratis.", "script.two-sentences", 3, WARNING),
    ("Es gratis. {{fact:asylum-free}}.", "script.two-sentences", 3, WARNING),
    ("Hable con el Sr. Pérez.", "words.abbreviation", 3, INFO),
    ("Hable con la Lic. Paz.", "words.abbreviation", 3, WARNING),
    ("Camine dos km más.", "words.abbreviation", 3, INFO),
    ("Vaya a la COMAR.", "words.acronym-unexplained", 3, INFO),
    ("Vaya a la XYZ.", "words.acronym", 3, WARNING),
    ("Hay muchas ONGs.", "words.acronym", 3, WARNING),
    ("Es el siglo XX.", "words.acronym", 3, WARNING),
    ("Es la O.N.U. misma.", "words.acronym", 3, WARNING),
    ("a " * 201, "script.long-line", 3, ERROR),
    ("¡…!", "script.no-words", 3, ERROR),
    ("<!-- nota\nEs gratis.", "script.comment", 3, ERROR),
    ("<!-- nota --> Es gratis.\nEs gratis.", "script.comment", 3, ERROR),
    ("", "script.empty", 0, ERROR),
    ("<!-- nada -->", "script.empty", 0, ERROR),
]


@pytest.mark.parametrize(("lines", "rule", "line", "severity"), FAULTS)
def test_each_fault_is_found_once_at_its_line(
    lines: str, rule: str, line: int, severity: Severity
) -> None:
    script, findings = read(f"# Título\n\n{lines}\n")
    found = {(f.rule, f.line, f.severity) for f in findings}
    assert found == {(rule, line, severity)}
    assert (script is None) is (severity is ERROR)
    assert all(f.remedy and "\x00" not in f.problem for f in findings)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Pedir refugio es gratis.\n", 1),
        ("\n<!-- nota -->\n\nPedir refugio es gratis.\n", 4),
        ("#Título\n\nEs gratis.\n", 1),
        ("## Título\n\nEs gratis.\n", 1),
        ("#\n\nEs gratis.\n", 1),
    ],
)
def test_a_script_without_a_title_is_told_where_it_begins(text: str, line: int) -> None:
    script, findings = read(text)
    assert script is None
    assert ("script.no-title", line) in {(f.rule, f.line) for f in findings}


def test_an_empty_file_lacks_title_and_words() -> None:
    script, findings = read("")
    assert script is None
    assert {f.rule for f in findings} == {"script.no-title", "script.empty"}


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("¿Necesita ayuda?", "es-419"),
        ("—¿Quién es? —preguntó la niña.", "es-419"),
        ("Dijo «nadie me cobró» y se fue.", "es-419"),
        ("Escriba por WhatsApp a {{org:mx-lnctp}}.", "es-419"),
        ("Vivimos en Xʼelajuʼ, señora…", "es-419"),
        ("Él y ella, A o B.", "es-419"),
        ("Doña Ana M. Pérez atiende.", "es-419"),
        ("L’asile, c’est gratuit : demandez-le aujourd’hui\u202f!", "fr"),
        ("Don't pay; it's free.", "en"),
        ("Show your ID on TV.", "en"),
        ("اطلبوا اللجوء مجاناً، عبر WhatsApp؟", "ar"),
        ("می\u200cتوانید کمک بخواهید.", "fa"),
        ("यह मुफ़्त है।", "hi"),
        ("寻求庇护是免费的。", "zh"),
        ("Ou pa bezwen peye anyen.", "ht"),
        ("Tôi cần giúp đỡ ngay bây giờ.", "vi"),
    ],
)
def test_ordinary_sentences_pass_without_a_word(line: str, language: str) -> None:
    title = {"ar": "مجاناً", "fa": "کمک", "hi": "मदद", "zh": "庇护"}.get(language, "Ok")
    script, findings = read(f"# {title}\n\n{line}\n", language)
    assert [f"{f.rule}: {f.problem}" for f in findings] == []
    assert script is not None


def test_letters_of_two_scripts_in_one_word_are_found_in_arabic() -> None:
    _, findings = read("# مجاناً\n\nاكتبوا عبر واتسaب.\n", "ar")
    assert [(f.rule, f.line) for f in findings] == [("words.letter", 3)]


def test_a_joiner_is_refused_where_it_joins_nothing() -> None:
    _, findings = read("# کمک\n\nمی \u200cتوانید.\n", "fa")
    assert [f.rule for f in findings] == ["words.invisible"]


def test_a_known_number_is_answered_with_its_placeholder() -> None:
    _, findings = read("# T\n\nLlame al 800 5533-000 hoy.\n")
    assert [f.remedy for f in findings] == ["write {{phone:mx-lnctp}}"]
    assert "800 5533-000" in findings.items[0].problem


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = "# T 2\n\nUno 1.\nDos <b>.\n\nTres {{fact:no}}.\nCuatro \u202e.\n"
    _, findings = read(text)
    assert [(f.line, f.rule) for f in findings] == [
        (1, "words.raw-digits"),
        (3, "words.raw-digits"),
        (4, "words.markup"),
        (6, "placeholder.id"),
        (7, "words.bidi"),
    ]


def test_findings_of_other_files_do_not_spoil_a_script() -> None:
    findings = Findings()
    findings.add(file="y", line=1, rule="y", problem="y", remedy="y")
    script = parse_script(
        "# T\n\nBien.\n",
        file="x",
        segment="x",
        language=LanguageTag("es"),
        book=BOOK,
        style=built_in_style(),
        findings=findings,
    )
    assert script is not None
