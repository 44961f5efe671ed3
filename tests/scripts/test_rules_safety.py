"""Safe speech: consulates, secrecy, routes, names, and what a procedure must say."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from programme.facts import Contact
from programme.findings import Findings, Severity
from programme.segments import Segment, SegmentKind
from programme.units import LanguageTag
from scripts.house_style import built_in_style
from scripts.rules import check_script
from scripts.script_file import parse_script
from tests.scripts.checking import BOOK, check_lines
from tests.scripts.sample_workspace import CONTACT, EN, ES, SEGMENT, STATION, check, places

ERROR, WARNING = Severity.ERROR, Severity.WARNING
OURS = ("safety.", "identity.", "procedure.")


def told(
    lines: str,
    *,
    language: str = "es-419",
    kind: str = "awareness",
    audiences: tuple[str, ...] = (),
) -> list[tuple[str, int]]:
    found = check_lines(lines, language=language, kind=kind, audiences=audiences)
    return [(f.rule, f.line) for f in found if f.rule.startswith(OURS) and not f.allowed]


def told_with(contacts: Mapping[str, Contact], lines: str) -> list[str]:
    """Check over a book whose contacts are others."""
    book = replace(BOOK, contacts=contacts)
    findings = Findings()
    style = built_in_style()
    script = parse_script(
        f"# T\n\n{lines}\n",
        file="x.md",
        segment="x",
        language=LanguageTag("es-419"),
        book=book,
        style=style,
        findings=findings,
    )
    assert script is not None, list(findings)
    segment = Segment(id="x", kind=SegmentKind.AWARENESS, key_message="", file="segment.yml")
    check_script(script, segment, book=book, style=style, findings=findings)
    return [f.rule for f in findings if f.rule.startswith(OURS)]


@pytest.mark.parametrize(
    ("lines", "audiences", "expected"),
    [
        ("Vaya a su consulado.", ("asylum-seekers",), [("safety.consulate", 3)]),
        ("Vaya a su consulado.", ("refugees", "women"), [("safety.consulate", 3)]),
        ("Vaya a su consulado.", ("workers",), []),
        ("Vaya a su consulado.\nTambién puede pedir asilo.", (), [("safety.consulate", 3)]),
        ("No vaya a su consulado.", ("asylum-seekers",), []),
        ("Si huye de su gobierno, no vaya a su consulado.", ("asylum-seekers",), []),
        (
            "Si no huye de su gobierno, puede ir a otro lugar.\nVaya a su consulado.",
            ("asylum-seekers",),
            [],
        ),
        ("Vaya a {{org:consulado}}.", ("asylum-seekers",), [("safety.not-for", 3)]),
        ("Si no huye de su gobierno, vaya.\nEs el {{org:consulado}}.", ("asylum-seekers",), []),
        ("Vaya a {{org:consulado}}.", ("refugees",), [("safety.consulate", 3)]),
        (
            "Vaya al consulado de su país.\nEs el {{phone:consulado}}.",
            ("asylum-seekers",),
            [("safety.consulate", 3), ("safety.not-for", 4)],
        ),
    ],
)
def test_nobody_who_may_flee_a_state_is_sent_to_it(
    lines: str, audiences: tuple[str, ...], expected: list[tuple[str, int]]
) -> None:
    assert told(lines, audiences=audiences) == expected


def test_secrecy_is_asserted_only_where_every_contact_verified_it() -> None:
    line = BOOK.contacts["linea"]
    verified = replace(line, confidential_verified_on=date(2026, 11, 1))
    words = "Llame al {{phone:linea}}.\nEs confidencial."
    assert told_with({"linea": line}, words) == ["safety.confidential"]
    assert told_with({"linea": verified}, words) == []
    other = replace(line, id="otra")
    both = words + "\nO llame al {{phone:otra}}."
    assert told_with({"linea": verified, "otra": other}, both) == ["safety.confidential"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Pregunte si es confidencial.", False),
        ("No es confidencial.", False),
        ("Es confidencial.", True),
        ("La llamada es anónima.", True),
        ("No se preocupe, es confidencial.", True),
        ("No cuesta nada y es confidencial.", True),
        ("Si tiene dudas, es confidencial.", True),
        ("No comparten sus datos.", True),
    ],
)
def test_a_question_about_secrecy_promises_nothing(line: str, *, found: bool) -> None:
    assert told(line) == ([("safety.confidential", 3)] if found else [])


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Cruce de noche.", True),
        ("Evite los retenes.", True),
        ("Es el mejor lugar para cruzar.", True),
        ("Nunca cruce de noche.", False),
        ("Nadie sabe cuál es el mejor lugar para cruzar.", False),
        ("Cruce la calle con cuidado.", False),
        ("Evite el sol.", False),
    ],
)
def test_ways_over_a_border_are_never_advised(line: str, *, found: bool) -> None:
    assert told(line) == ([("safety.route", 3)] if found else [])


@pytest.mark.parametrize(
    ("lines", "language", "expected"),
    [
        ("Me llamo Ana.", "es", [("identity.name", 3)]),
        ("Doña Elena me dio agua.", "es", [("identity.name", 3)]),
        ("Vi a Carlos en el camino.", "es", [("identity.name", 3)]),
        ("Es la hija de Marta.", "es", [("identity.name", 3)]),
        ("Le conté todo a Marta.", "es", [("identity.name", 3)]),
        ("Hoy Marta me ayuda.", "es", [("identity.name", 3)]),
        ("En Choloma tenía una casa.\nSalí de San Pedro Sula con miedo.", "es", []),
        ("Mi mamá vive en Honduras.\nLe escribo por WhatsApp.", "es", []),
        ("Rosa me ayudó mucho.", "es", [("identity.name", 3)]),
        ("Ella me dijo: «Juan te busca».", "es", [("identity.name", 3)]),
        ("María Elena y yo salimos.", "es", [("identity.name", 3)]),
        ("Pierre est mon frère.", "fr", [("identity.name", 3)]),
        ("San Juan es mi pueblo.", "es", []),
        ("Socorro, gritaba la niña.", "es", []),
        ("Gracias a Dios, estamos bien.", "es", []),
        ("Me dijo: «Váyase de aquí».", "es", []),
        ("Me dijo: «Váyase con Rosa».", "es", [("identity.name", 3)]),
        ("Le decían «Chano» en el pueblo.", "es", [("identity.name", 3)]),
        ("Ahí vive el Sr. Pérez.", "es", [("identity.name", 3)]),
        ("La Comisión Mexicana de Ayuda a Refugiados me dio un papel.", "es", []),
        ("En la Casa del Migrante comimos.", "es", []),
        ("La Croix-Rouge m’a donné de l’eau.", "fr", []),
        ("A Polícia Federal me deu um papel.", "pt", []),
        ('He said: "Go away."', "en", []),
        ("La {{org:linea}} me ayudó.", "es", []),
        ("Mrs Brown gave me water.", "en", [("identity.name", 3)]),
        ("I'm well, and on Monday I work.", "en", []),
        ("Madame Claire m’a donné de l’eau.", "fr", [("identity.name", 3)]),
        ("Vi o Carlos no caminho.", "pt", [("identity.name", 3)]),
        ('Me llamo Ana. {{allow identity.name reason="nombre cambiado"}}', "es", []),
    ],
)
def test_a_testimony_names_nobody(
    lines: str, language: str, expected: list[tuple[str, int]]
) -> None:
    assert told(lines, language=language, kind="testimony") == expected


def test_whoever_is_interviewed_may_be_known() -> None:
    found = check_lines("Me llamo Ana.", kind="interview")
    assert [(f.rule, f.severity) for f in found] == [("identity.name", WARNING)]
    assert told("Me llamo Ana.", kind="drama") == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("Vengo de Choloma.\nTenía quince años.\nSalí en mayo.", [("identity.combination", 5)]),
        (
            "Salí el {{date:2024-05-03}}.\nTenía quince años.\nVivía en Choloma.",
            [("identity.combination", 5)],
        ),
        ("Vengo de Choloma.\nTenía quince años.", []),
        ("Vengo de Choloma.\nSalí en mayo.", []),
        ("Vengo de Honduras.\nTenía quince años.\nSalí en mayo.", []),
        ("Vengo de Choloma.\nPasaron quince años.\nSalí en mayo.", []),
    ],
)
def test_town_age_and_date_together_name_a_person(
    lines: str, expected: list[tuple[str, int]]
) -> None:
    assert told(lines, kind="testimony") == expected


@pytest.mark.parametrize("language", ["es", "en", "fr", "pt", "ar", "ht"])
def test_a_procedure_without_cost_place_and_time_lacks_all_three(language: str) -> None:
    lines = {"ar": "اطلبوا المساعدة.", "ht": "Mande èd."}.get(language, "Ok.")
    assert told(lines, language=language, kind="procedure") == [
        ("procedure.cost", 0),
        ("procedure.deadline", 0),
        ("procedure.where", 0),
    ]


def test_a_language_whose_words_are_not_known_is_not_asked_for_them() -> None:
    assert told("Kʼo li tenqʼ.", language="kek", kind="procedure") == []


def test_placeholders_say_place_and_time() -> None:
    lines = "Es gratis.\nLlame al {{phone:linea}}.\nLlame el {{date:2026-12-01}}."
    assert told(lines, kind="procedure") == []


REACH = SEGMENT.replace("countries: [MX]\n", "")


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({}, False),
        ({"scripts/asilo/segment.yml": REACH}, True),
        (
            {
                "scripts/asilo/segment.yml": REACH,
                "stations/radio.yml": STATION.replace("country: GT\n", ""),
            },
            False,
        ),
        (
            {
                "scripts/asilo/segment.yml": REACH,
                "facts/linea.yml": CONTACT.replace("[MX]", "[MX, GT]"),
            },
            False,
        ),
        ({"scripts/asilo/segment.yml": REACH, "episodes/uno.yml": None}, False),
    ],
)
def test_a_station_is_warned_where_a_number_cannot_be_dialled(
    tmp_path: Path, changes: dict[str, str | None], *, warned: bool
) -> None:
    _, findings = check(tmp_path, changes)
    found = [f for f in findings if f.rule == "station.reachable"]
    assert [(f.file, f.severity) for f in found] == (
        [("stations/radio.yml", WARNING)] if warned else []
    )
    assert all("scripts/asilo/es-419.md:5" in f.problem for f in found)


@pytest.mark.parametrize(
    ("written", "day", "rules"),
    [
        ('confidential: {value: yes, verified: "2026-11-01"}\n', date(2026, 11, 1), []),
        ('confidential: {value: no, verified: "2026-11-01"}\n', None, []),
        ("confidential: {value: yes}\n", None, ["fact.confidential"]),
        ('confidential: {value: yes, verified: "2027-11-01"}\n', None, ["fact.verified-later"]),
    ],
)
def test_a_contact_says_when_its_secrecy_was_verified(
    tmp_path: Path, written: str, day: date | None, rules: list[str]
) -> None:
    workspace, findings = check(tmp_path, {"facts/linea.yml": CONTACT + written})
    assert [rule for place, rule in places(findings) if place.startswith("facts/")] == rules
    if not rules:
        assert workspace is not None
        assert workspace.factbook.contacts["linea"].confidential_verified_on == day


def test_a_segment_without_a_contact_is_told_once_not_once_a_language(tmp_path: Path) -> None:
    without = {
        f"scripts/asilo/{name}": text.replace("{{phone:linea}}", word)
        for name, text, word in (("es-419.md", ES, "alguien"), ("en.md", EN, "someone"))
    }
    _, findings = check(tmp_path, without)
    found = [f.file for f in findings if f.rule == "plain.no-contact"]
    assert found == ["scripts/asilo/es-419.md"]
