"""Rules of plain, safe speech: what they find, and what they leave in peace."""

from datetime import date

import pytest

from programme.facts import Contact, FactStatus, Phone, Validity
from programme.findings import Finding, Findings, Severity
from programme.segments import Segment, SegmentKind
from programme.units import LanguageTag
from scripts.factbook import FactBook
from scripts.house_style import built_in_style
from scripts.rules import check_script
from scripts.rules_words import words_of
from scripts.script_file import parse_script

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

BOOK = FactBook(
    facts={},
    contacts={
        "line": Contact(
            id="line",
            organization={LanguageTag("es-419"): "la Línea Nacional"},
            kind="hotline",
            country="MX",
            reachable_from=("MX",),
            phones=(Phone(groups=("800", "5533", "000")),),
            validity=Validity(
                sources=(),
                verified_on=date(2026, 11, 22),
                expires=date(2027, 1, 31),
                status=FactStatus.DEMO,
            ),
            file="facts/line.yml",
            line=1,
        )
    },
)


def check(
    lines: str, language: str = "es-419", kind: SegmentKind = SegmentKind.AWARENESS
) -> list[Finding]:
    findings = Findings()
    script = parse_script(
        f"# T\n\n{lines}\n",
        file="x.md",
        segment="x",
        language=LanguageTag(language),
        book=BOOK,
        style=built_in_style(),
        findings=findings,
    )
    assert script is not None, list(findings)
    findings = Findings()
    segment = Segment(id="x", kind=kind, key_message="", file="segment.yml")
    check_script(script, segment, book=BOOK, style=built_in_style(), findings=findings)
    return list(findings)


def told(findings: list[Finding]) -> list[tuple[str, int, Severity]]:
    return [(f.rule, f.line, f.severity) for f in findings]


def sentence(words: int) -> str:
    return "Va" + " va" * (words - 1) + "."


@pytest.mark.parametrize(
    ("words", "expected"),
    [(15, []), (16, [WARNING]), (20, [WARNING]), (21, [ERROR])],
)
def test_a_long_sentence_is_a_warning_and_then_an_error(
    words: int, expected: list[Severity]
) -> None:
    findings = check(sentence(words))
    assert [f.severity for f in findings] == expected
    assert all(str(words) in f.problem and f.line == 3 for f in findings)


@pytest.mark.parametrize(
    ("lengths", "warned"), [([12, 12, 12], False), ([13, 12, 12], True), ([15, 15], False)]
)
def test_the_average_of_three_sentences_or_more_is_watched(
    lengths: list[int], *, warned: bool
) -> None:
    findings = check("\n".join(sentence(n) for n in lengths))
    assert told(findings) == ([("plain.mean-length", 0, WARNING)] if warned else [])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("¿Necesita ayuda?", 2),
        ("Llame al 800 5533 000.", 5),
        ("Kʼicheʼ Mayaʼ tzij.", 3),
        ("L’asile, c’est gratuit.", 3),
        ("دو—سه … نُشرت هذه المعلومة", 5),
        ("यह मुफ़्त है।", 3),
        ("—¿Quién? —preguntó.", 2),
        ("«…»", 0),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    assert len(words_of(text)) == count


def test_languages_without_spaces_are_not_measured_by_words() -> None:
    line = "寻求庇护是免费的 " * 30
    assert told(check(line.strip() + "。", "zh")) == []


def test_two_numbers_in_a_sentence_are_too_many() -> None:
    assert told(check("Llame al {{phone:line}} hasta {{date:2026-12-01}}.")) == [
        ("plain.numbers", 3, WARNING)
    ]


def test_a_service_prompt_says_its_number_twice() -> None:
    once = "Llame al {{phone:line}}."
    assert told(check(once, kind=SegmentKind.SERVICE_PROMPT)) == [("plain.say-twice", 3, INFO)]
    twice = once + "\nRepito: {{phone:line}}."
    assert told(check(twice, kind=SegmentKind.SERVICE_PROMPT)) == []
    assert told(check(once, kind=SegmentKind.AWARENESS)) == []


@pytest.mark.parametrize("kind", [SegmentKind.SERVICE_PROMPT, SegmentKind.PROCEDURE])
def test_a_procedure_or_prompt_names_somewhere_to_go(kind: SegmentKind) -> None:
    assert ("plain.no-contact", 0, WARNING) in told(
        check("Pida ayuda gratis hoy en la oficina.", kind=kind)
    )
    assert told(check("Vaya gratis a {{org:line}} hoy.", kind=kind)) == []


@pytest.mark.parametrize(
    ("lines", "language", "expected"),
    [
        ("Usted puede pedir ayuda.\nLleva tus papeles.", "es-419", 4),
        ("Tienes derechos.", "es-419", 3),
        ("Usted puede pedir ayuda.\nLleve sus papeles.", "es-419", 0),
        ("Estas son sus opciones.", "es-419", 0),
        ("Le dijeron: «tú no puedes».\nUsted puede.", "es-419", 0),
        ("Vous pouvez demander.\nPrends tes papiers.", "fr", 4),
        ("You can ask.", "en", 0),
    ],
)
def test_the_listener_is_always_addressed_formally(
    lines: str, language: str, expected: int
) -> None:
    assert told(check(lines, language)) == (
        [("plain.address", expected, WARNING)] if expected else []
    )


def test_people_in_a_drama_speak_as_they_do() -> None:
    assert told(check("¿Tienes miedo?", kind=SegmentKind.DRAMA)) == []


def test_the_language_of_offices_is_called_hard() -> None:
    office = "Las autoridades administrativas competentes determinarán la admisibilidad."
    findings = check("\n".join([office] * 20))
    assert ("plain.readability", 3, ERROR) in told(findings)
    plain = check("\n".join(["Pida ayuda si alguien le cobra por su papel."] * 12))
    assert told(plain) == []


@pytest.mark.parametrize(
    ("tag", "opening"),
    [
        ("es-419", "Español."),
        ("pt-BR", "Em português:"),
        ("ar", "العربية."),
        ("ht", "Kreyòl ayisyen."),
    ],
)
def test_an_announcement_opens_with_its_language_and_ends_with_its_day(
    tag: str, opening: str
) -> None:
    kind = SegmentKind.ANNOUNCEMENT
    assert {"announcement.language", "announcement.valid-until"} & {
        rule for rule, *_ in told(check(f"{opening}\nA.\n{{{{date:2026-12-01}}}}.", tag, kind=kind))
    } == set()
    assert {"announcement.language", "announcement.valid-until"} <= {
        rule for rule, *_ in told(check("A.\n{{date:2026-12-01}}.\nB.\nC.", tag, kind=kind))
    }
