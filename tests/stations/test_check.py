"""A station's file is held against what there is to deliver, all findings at once."""

from dataclasses import replace

import pytest

from programme.findings import Findings, Severity
from programme.profiles import profiles
from programme.series import Series, SeriesKind
from programme.stations import Automation, Delivery, Station, StationKind
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
        max_s=240,
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
    assert found(replace(LOUDSPEAKER, delivery=Delivery.USB, share=True)) == []


@pytest.mark.parametrize(
    ("station", "rule", "severity"),
    [
        (replace(RADIO, languages=(ES, QUC)), "languages", Severity.WARNING),
        (replace(RADIO, languages=(QUC,)), "languages", Severity.ERROR),
        (replace(LOUDSPEAKER, profile="podcast"), "profile", Severity.WARNING),
        (replace(LOUDSPEAKER, kind=StationKind.RADIO), "profile", Severity.WARNING),
        (replace(RADIO, profile="broadcast"), "profile", Severity.WARNING),
        (replace(RADIO, share=True), "share", Severity.WARNING),
        (
            replace(
                RADIO,
                profile="broadcast",
                format="bwf",
                automation=Automation.LIBRETIME,
                delivery=Delivery.FOLDER,
            ),
            "format",
            Severity.WARNING,
        ),
        (replace(RADIO, automation=Automation.AZURACAST), "delivery", Severity.WARNING),
    ],
)
def test_each_mistake_is_found_by_name(station: Station, rule: str, severity: Severity) -> None:
    assert found(station) == [(rule, severity)]


def test_a_finding_stands_at_the_line_of_its_key() -> None:
    findings = Findings()
    station = replace(RADIO, languages=(ES, QUC), lines={"languages": 4})
    check_station(station, SERIES, profiles(), findings)
    assert [one.place for one in findings] == ["stations/radio-uno.yml:4"]


def test_languages_are_left_alone_where_a_series_has_faults_of_its_own() -> None:
    assert found(replace(RADIO, languages=(QUC,), series=("camino", "broken"))) == []


def test_a_loop_has_no_feed_and_a_loudspeaker_no_network() -> None:
    assert sorted(found(replace(LOUDSPEAKER, delivery=Delivery.FEED))) == [
        ("delivery", Severity.ERROR),
        ("delivery", Severity.WARNING),
    ]


def test_a_loudspeaker_profile_without_mp3_is_pointed_out() -> None:
    built_in = profiles()["loudspeaker"]
    opus = replace(built_in.renditions[0], id="opus", codec="opus", suffix=".opus")
    findings = Findings()
    check_station(
        LOUDSPEAKER, SERIES, {"loudspeaker": replace(built_in, renditions=(opus,))}, findings
    )
    assert [one.rule for one in findings] == ["station.profile"]


@pytest.mark.parametrize(("max_s", "told"), [(0, True), (240, False), (262, False), (263, True)])
def test_a_series_whose_episodes_may_not_fit_a_voice_message_is_named(
    max_s: int, told: bool
) -> None:
    # 512 KiB at 16 kbit/s are 262 s.
    own = {"lazo": replace(SERIES["lazo"], max_s=max_s)}
    findings = Findings()
    check_station(replace(LOUDSPEAKER, share=True), own, profiles(), findings)
    assert [one.rule for one in findings] == (["station.share"] if told else [])
