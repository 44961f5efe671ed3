"""A station's folder on disk, written plainly from a plan, for programs to judge."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from programme.digests import digest_text
from programme.network import Network
from programme.series import Series, SeriesKind
from programme.stations import Automation, AutomationSettings, Delivery, Station, StationKind
from programme.units import DurationMs, LanguageTag, Url
from stations.airing import AirItem
from stations.day_plan import DayPlan, PlannedPlay, PresenterText, Why
from stations.deliveries import CuePoints, DeliveryItem, DeliveryRequest
from stations.delivery_names import air_stem
from stations.delivery_plan import DeliveryPlan
from stations.pack_plan import PackEdition

TODAY = date(2026, 11, 22)
ES, EN, AR = LanguageTag("es-419"), LanguageTag("en"), LanguageTag("ar")
TAGS = (ES, EN, AR)

WINDOWS = {Automation.ZARARADIO, Automation.RADIODJ, Automation.MAIRLIST}


def item(made: PackEdition, *, cues: tuple[int, int] = (0, 2_040)) -> DeliveryItem:
    """Make a delivery's item of a made edition."""
    edition = made.edition
    air = AirItem(
        series=edition.series,
        episode=edition.episode,
        number=edition.number,
        language=edition.language,
        version=edition.words_digest[:16],
        title=edition.title,
        artist="Camino Seguro",
        kind=SeriesKind.SPOTS,
        duration_ms=edition.duration_ms,
        dated=edition.dated,
        expires=edition.expires,
        stem=air_stem(
            edition.series,
            edition.language,
            edition.number,
            edition.dated,
            edition.words_digest,
        ),
    )
    until = f"<endDatetime>{edition.expires.isoformat()}T23:59:59</endDatetime>"
    rdxl = f"<cart>\n<cutList>\n<cut>\n{until}\n</cut>\n</cutList>\n</cart>\n"
    return DeliveryItem(
        air=air,
        edition=edition,
        rendition=made.rendition,
        audio=made.audio,
        cues=CuePoints(cue_in_ms=DurationMs(cues[0]), cue_out_ms=DurationMs(cues[1])),
        tags={"title": edition.title, "artist": "Camino Seguro", "rdxl": rdxl},
    )


def planned(items: Sequence[DeliveryItem], *, day: date = TODAY) -> DayPlan:
    """Plan each item at six, and the first of them again at seven, after a presenter."""
    plays = [
        PlannedPlay(
            at_ms=DurationMs(6 * 3_600_000 + place * 60_000),
            airs=one.air,
            day_part="morning",
            why=Why.ROTATION,
        )
        for place, one in enumerate(items)
    ]
    text = PresenterText(language=ES, text="=Buenos\r\ndías.", length_ms=DurationMs(3_000))
    seven = DurationMs(7 * 3_600_000)
    plays.append(PlannedPlay(at_ms=seven, airs=text, day_part="morning", why=Why.CLOCK))
    later = DurationMs(seven + 3_000)
    plays.append(PlannedPlay(at_ms=later, airs=items[0].air, day_part="morning", why=Why.CLOCK))
    return DayPlan(station="emisora-roble", day=day, plays=tuple(plays))


def request_for(
    automation: Automation,
    items: Sequence[DeliveryItem],
    *,
    root: str = "",
    plans: Sequence[DayPlan] = (),
    days: int = 3,
) -> DeliveryRequest:
    """Ask for the folder of a radio with one program."""
    usual = "D:\\Altavoz" if automation in WINDOWS else "/srv/altavoz"
    station = Station(
        id="emisora-roble",
        name="Emisora Roble",
        kind=StationKind.RADIO,
        languages=TAGS,
        series=("avisos",),
        profile="broadcast",
        delivery=Delivery.FOLDER,
        automation=automation,
        settings=AutomationSettings(drive_path=root or usual),
        file="stations/emisora-roble.yml",
    )
    network = Network(
        id="camino",
        name="Camino Seguro",
        role_address="radio@camino.example",
        base_url=Url("https://camino.example/audio/"),
        website=Url("https://camino.example/"),
        source_language=ES,
        languages=TAGS,
        licence="CC-BY-4.0",
    )
    series = Series(
        id="avisos",
        kind=SeriesKind.SPOTS,
        title=dict.fromkeys(TAGS, "Avisos"),
        description={},
        languages=TAGS,
        profile="podcast",
        file="series/avisos.yml",
    )
    return DeliveryRequest(
        station=station,
        network=network,
        series={"avisos": series},
        items=tuple(items),
        today=TODAY,
        days=days,
        plans=tuple(plans),
    )


def lay(plan: DeliveryPlan, root: Path) -> Path:
    """Write a folder as the plan has it."""
    for path, one in plan.sounds.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(one.audio.read_bytes())
    for path, data in plan.texts.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return root


def six(edition_of: Callable[..., PackEdition]) -> list[DeliveryItem]:
    """Give two editions in each of three languages, with titles as people write them."""
    found = []
    for tag in TAGS:
        for number in (1, 2):
            made = edition_of(tag, number)
            words = f"{tag} {number}"
            edition = replace(
                made.edition,
                words_digest=digest_text(words),
            )
            found.append(item(replace(made, edition=edition)))
    return found
