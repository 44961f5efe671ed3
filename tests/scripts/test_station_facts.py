"""A station's own facts: read with their sources, heard there only, and judged like any fact."""

from dataclasses import replace
from pathlib import Path

import pytest

from programme.errors import ProductionError
from programme.findings import Finding, Severity
from programme.units import LanguageTag
from programme.words import TranslationState
from scripts.station_facts import own_editions, station_view
from tests.scripts.sample_workspace import (
    CONTACT,
    STATION,
    Fault,
    check,
    places,
    told_badly,
)

ES, EN = LanguageTag("es-419"), LanguageTag("en")

OTHER = CONTACT.replace("la línea de ayuda", "la policía").replace("help line", "police")
OTHER = OTHER.replace('groups: ["800", "55", "33", "000"], number: "+528005533000"', "SHORT")
OTHER = OTHER.replace("SHORT", 'groups: ["9", "1", "1"], short_code: yes')
BY_ID = """\
overrides:
  linea:
    contact: policia
    reason: "The line cannot be reached from here."
"""
OWN = """\
overrides:
  linea:
    phones:
      - {groups: ["22", "10"], number: "+50222002210"}
    reachable_from: [GT]
    reason: "The office of this town answers."
    sources: [{title: "Municipality", url: "https://example.org/"}]
    verified_on: "2026-11-20"
    expires: "2027-01-15"
    status: demo
"""
STATEMENT = """\
overrides:
  asylum-free:
    statement: {es-419: "aquí es gratis cualquier día", en: "it is free here on any day"}
    reason: "Another law."
    sources: [{title: "Law"}]
    verified_on: "2026-11-20"
    expires: "2027-01-15"
    status: demo
"""


def station(overrides: str, text: str = STATION) -> dict[str, str | bytes | None]:
    return {"facts/policia.yml": OTHER, "stations/radio.yml": text + overrides}


@pytest.mark.parametrize(
    ("overrides", "printed", "said"),
    [
        (BY_ID, "Call 9 1 1.", "Call nine, one, one."),
        (OWN, "Call 22 10.", "Call two two, one zero."),
    ],
)
def test_only_the_station_hears_its_own_number(
    tmp_path: Path, overrides: str, printed: str, said: str
) -> None:
    workspace, findings = check(tmp_path, station(overrides))
    assert [(f.rule, f.severity) for f in own(findings)] == [("station.override", Severity.INFO)]
    assert workspace is not None
    radio = workspace.stations["radio"]
    view = station_view(workspace, radio)
    heard = view.translations["asilo", EN].script
    general = workspace.translations["asilo", EN].script
    assert heard is not None
    assert general is not None
    assert (heard.sentences[2].text, heard.sentences[2].spoken) == (printed, said)
    assert heard.sentences[:2] == general.sentences[:2]
    assert general.sentences[2].text == "Call 800 55 33 000."
    # Scripts go on to refer to the same id, with the station's own dates behind it.
    assert heard.facts == general.facts
    (override,) = radio.overrides
    assert view.factbook.contacts["linea"] == override.value
    assert workspace.factbook.contacts["linea"].file == "facts/linea.yml"
    assert own_editions(workspace, radio) == {("serie", "uno", ES), ("serie", "uno", EN)}
    everybody = replace(radio, overrides=())
    assert own_editions(workspace, everybody) == frozenset()
    assert station_view(workspace, everybody) is workspace


def test_own_values_carry_their_own_sources_and_dates(tmp_path: Path) -> None:
    workspace, _ = check(tmp_path, station(OWN))
    assert workspace is not None
    (override,) = workspace.stations["radio"].overrides
    value = override.value
    assert (value.file, value.line, override.line) == ("stations/radio.yml", 10, 10)
    assert [source.title for source in value.validity.sources] == ["Municipality"]
    assert value.validity.expires.isoformat() == "2027-01-15"
    # What it does not write is the original's.
    general = workspace.factbook.contacts["linea"]
    assert (value.id, value.country) == ("linea", "MX")
    assert vars_of(value, "organization") == vars_of(general, "organization")


def own(findings: list[Finding]) -> list[Finding]:
    """Give what was found in facts and stations; the words of the sample are judged elsewhere."""
    return [f for f in findings if f.file.startswith(("facts/", "stations/"))]


def vars_of(value: object, name: str) -> object:
    return getattr(value, name)


def test_a_statement_may_be_overridden_too(tmp_path: Path) -> None:
    workspace, findings = check(tmp_path, station(STATEMENT))
    assert places(own(findings)) == [("stations/radio.yml:10", "station.override")]
    assert workspace is not None
    view = station_view(workspace, workspace.stations["radio"])
    script = view.translations["asilo", ES].script
    assert script is not None
    assert script.sentences[1].text == "En México, aquí es gratis cualquier día."


FAULTS: dict[str, Fault] = {
    "a feed": (
        station(BY_ID, STATION.replace("delivery: pack", "delivery: feed")),
        [("stations/radio.yml:10", "station.override-feed")],
    ),
    "an id that is not there": (
        station(BY_ID.replace("  linea:", "  linae:")),
        [("stations/radio.yml:10", "station.override")],
    ),
    "a contact that is not there": (
        station(BY_ID.replace("policia", "policias")),
        [("stations/radio.yml:11", "station.override")],
    ),
    "a fact that is broken, told in its own file": (
        {**station(BY_ID), "facts/policia.yml": OTHER.replace("status: demo", "status: x")},
        [("facts/policia.yml:11", "yaml.not-choice")],
    ),
    "itself": (
        station(BY_ID.replace("policia", "linea")),
        [("stations/radio.yml:11", "station.override")],
    ),
    "no reason": (
        station(BY_ID.replace("reason:", "# reason:")),
        [("stations/radio.yml:11", "yaml.missing-key")],
    ),
    "nothing of its own": (
        station(
            OWN.replace('phones:\n      - {groups: ["22", "10"], number: "+50222002210"}\n    ', "")
        ),
        [("stations/radio.yml:10", "station.override")],
    ),
    "no source": (
        station(OWN.replace("    sources:", "    # sources:")),
        [("stations/radio.yml:11", "yaml.missing-key")],
    ),
    "both another contact and a number": (
        station(OWN + "    contact: policia\n"),
        [("stations/radio.yml:10", "station.override")],
    ),
    "nobody speaks it": (
        station(
            BY_ID.replace("  linea:", "  policia:").replace("contact: policia", "contact: linea")
        ),
        [("stations/radio.yml:10", "station.override-unused")],
    ),
    "past its date": (
        station(OWN.replace("2027-01-15", "2026-11-21")),
        [("stations/radio.yml:10", "expired"), ("stations/radio.yml:10", "station.override")],
    ),
    "a language without words": (
        station(STATEMENT.replace(', en: "it is free here on any day"', "")),
        [
            ("stations/radio.yml:10", "station.override-words"),
            ("stations/radio.yml:10", "station.override"),
        ],
    ),
    "no table": (
        station("overrides:\n  linea: policia\n"),
        [("stations/radio.yml:10", "station.override")],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_once_at_its_line(tmp_path: Path, name: str) -> None:
    changes, expected = FAULTS[name]
    _, findings = check(tmp_path, changes)
    assert places(own(findings)) == expected
    assert told_badly(findings) == []


def test_what_cannot_be_said_with_the_stations_fact_is_faulty_there_only(tmp_path: Path) -> None:
    changes, _ = FAULTS["a language without words"]
    workspace, _ = check(tmp_path, changes)
    assert workspace is not None
    view = station_view(workspace, workspace.stations["radio"])
    assert view.translations["asilo", EN].state is TranslationState.FAULTY
    assert workspace.translations["asilo", EN].state is TranslationState.FRESH


def test_a_station_sends_nobody_to_whom_they_must_not_go(tmp_path: Path) -> None:
    consulate = OTHER.replace("kind: hotline", "kind: consulate\nnot_for: [refugees]")
    _, findings = check(tmp_path, {**station(BY_ID), "facts/policia.yml": consulate})
    told = [f.problem for f in own(findings) if f.rule == "station.override-words"]
    assert len(told) == 2
    for name, problem in zip(("en.md:5", "es-419.md:5"), told, strict=True):
        assert f"scripts/asilo/{name}: linea is not for refugees" in problem


def test_of_another_number_nothing_is_verified_but_what_it_says_itself(tmp_path: Path) -> None:
    sworn = 'confidential: {value: yes, verified: "2026-11-01"}\n'
    changes = {**station(OWN), "facts/linea.yml": CONTACT + sworn}
    workspace, _ = check(tmp_path, changes)
    assert workspace is not None
    assert workspace.factbook.contacts["linea"].confidential_verified_on is not None
    view = station_view(workspace, workspace.stations["radio"])
    assert view.factbook.contacts["linea"].confidential_verified_on is None


def test_a_contact_that_only_a_station_speaks_is_in_use(tmp_path: Path) -> None:
    late = OTHER.replace("2027-01-31", "2026-11-21")
    _, findings = check(tmp_path, {**station(BY_ID), "facts/policia.yml": late})
    expired = [f for f in findings if f.rule == "expired"]
    assert [(f.place, f.severity) for f in expired] == [("facts/policia.yml:10", Severity.ERROR)]


def test_a_text_typed_anew_after_the_check_is_not_said_at_a_station(tmp_path: Path) -> None:
    """Both what everybody hears and what the station hears must be what was checked."""
    workspace, _ = check(tmp_path, station(BY_ID))
    assert workspace is not None
    view = station_view(workspace, workspace.stations["radio"])
    script = workspace.translations["asilo", EN].script
    assert script is not None
    path = workspace.root / script.file
    path.write_text(path.read_text(encoding="utf-8") + "\nGo there tonight.\n", encoding="utf-8")
    with pytest.raises(ProductionError, match="changed while Altavoz was at work"):
        view.translations["asilo", EN]
