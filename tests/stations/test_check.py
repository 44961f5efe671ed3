"""A station's file is held against what there is to deliver, all findings at once."""

from dataclasses import replace

import pytest

from programme.findings import Findings, Severity
from programme.profiles import profiles
from programme.series import Series, SeriesKind
from programme.stations import Delivery, Station, StationKind
from programme.units import LanguageTag
from stations.check import check_station

ES, EN, QUC = LanguageTag("es-419"), LanguageTag("en"), LanguageTag("quc")


def series(name: str, kind: SeriesKind, profile: str) -> Series:
    return Series(
        id=name,
        kind=kind,
        title={},
        description={},
        languages=(ES, EN),
        profile=profile,
        file=f"series/{name}.yml",
    )


SERIES = {
    "camino": series("camino", SeriesKind.PROGRAMME, "podcast"),
    "lazo": series("lazo", SeriesKind.LOOP, "loudspeaker"),
}

RADIO = Station(
    id="radio-uno",
    name="Radio Uno",
    kind=StationKind.RADIO,
    languages=(ES, EN),
    series=("camino",),
    profile="podcast",
    delivery=Delivery.FEED,
    file="stations/radio-uno.yml",
)

LOUDSPEAKER = replace(
    RADIO,
    kind=StationKind.TRANSIT,
    series=("lazo",),
    profile="loudspeaker",
    delivery=Delivery.PACK,
)


def found(station: Station) -> list[tuple[str, Severity]]:
    findings = Findings()
    check_station(station, SERIES, profiles(), findings)
    assert all(one.file == station.file and one.remedy for one in findings)
    return [(one.rule.removeprefix("station."), one.severity) for one in findings]


def test_good_stations_give_no_finding() -> None:
    assert found(RADIO) == []
    assert found(LOUDSPEAKER) == []
    assert found(replace(RADIO, delivery=Delivery.PACK, profile="broadcast")) == []


@pytest.mark.parametrize(
    ("station", "rule", "severity"),
    [
        (replace(RADIO, series=()), "no-series", Severity.ERROR),
        (replace(RADIO, series=("camino", "cmino")), "unknown-series", Severity.ERROR),
        (replace(RADIO, series=("camino", "camino")), "series-twice", Severity.ERROR),
        (replace(RADIO, languages=()), "no-language", Severity.ERROR),
        (replace(RADIO, languages=(ES, ES)), "language-twice", Severity.ERROR),
        (replace(RADIO, languages=(ES, QUC)), "language-not-made", Severity.WARNING),
        (replace(RADIO, languages=(QUC,)), "nothing-to-hear", Severity.ERROR),
        (replace(LOUDSPEAKER, profile="loud"), "unknown-profile", Severity.ERROR),
        (replace(LOUDSPEAKER, profile="podcast"), "profile-not-loud", Severity.WARNING),
        (replace(LOUDSPEAKER, kind=StationKind.RADIO), "profile-loud", Severity.WARNING),
        (replace(RADIO, profile="broadcast"), "feed-profile", Severity.WARNING),
    ],
)
def test_each_mistake_is_found_by_name(station: Station, rule: str, severity: Severity) -> None:
    assert found(station) == [(rule, severity)]


def test_a_loop_has_no_feed_and_a_loudspeaker_no_network() -> None:
    assert sorted(found(replace(LOUDSPEAKER, delivery=Delivery.FEED))) == [
        ("feed-at-loudspeaker", Severity.WARNING),
        ("feed-of-loop", Severity.ERROR),
    ]


def test_a_loudspeaker_profile_without_mp3_is_pointed_out() -> None:
    built_in = profiles()["loudspeaker"]
    opus = replace(built_in.renditions[0], id="opus", codec="opus", suffix=".opus")
    findings = Findings()
    check_station(
        LOUDSPEAKER, SERIES, {"loudspeaker": replace(built_in, renditions=(opus,))}, findings
    )
    assert [one.rule for one in findings] == ["station.no-mp3"]


def test_a_slip_of_the_pen_gets_a_proposal() -> None:
    findings = Findings()
    check_station(replace(RADIO, series=("camnio",)), SERIES, profiles(), findings)
    assert "did you mean camino?" in [one.remedy for one in findings]
    findings = Findings()
    check_station(replace(RADIO, profile="zzz"), SERIES, profiles(), findings)
    assert f"choose from: {', '.join(sorted(profiles()))}" in [one.remedy for one in findings]
