"""The run sheet and the contact card as people print them, in each language of their readers."""

from collections.abc import Callable
from dataclasses import replace

import html5lib
import pytest

from programme.schedules import DayPart, MinuteOfDay, Schedule, TimeSpan, Weekday
from programme.units import LanguageTag
from stations.pack_plan import PackEdition, PackRequest, plan_pack
from stations.sheets import CARD, RUN_SHEET, render_card, render_run_sheet
from tests.stations.page_making import KEY

RequestMaker = Callable[..., PackRequest]
EditionMaker = Callable[..., PackEdition]
ES, AR, EN = LanguageTag("es-419"), LanguageTag("ar"), LanguageTag("en")


def span(begin: int, end: int) -> TimeSpan:
    return TimeSpan(MinuteOfDay(begin * 60), MinuteOfDay(end * 60))


def words(page: bytes) -> str:
    tree = html5lib.parse(page.decode("utf-8"), namespaceHTMLElements=False)
    return " ".join("".join(tree.find("body").itertext()).split())


def run_sheet(request: PackRequest) -> str:
    return words(render_run_sheet(request, plan_pack(request))[RUN_SHEET])


def test_the_run_sheet_says_what_when_and_until_when(request_of: RequestMaker) -> None:
    base = request_of(languages=(ES, AR))
    weekdays = frozenset(list(Weekday)[:5])
    schedule = Schedule(
        quiet=(span(22, 6),),
        day_parts=(
            DayPart(id="early", span=span(6, 10), days=weekdays, line=0),
            DayPart(id="late", span=span(18, 21), languages=(AR,), line=0),
        ),
    )
    request = replace(base, station=replace(base.station, schedule=schedule))
    said = run_sheet(request)
    assert "Válido hasta el 6 de diciembre de 2026" in said
    assert "صالحة حتى 6 كانون الأول/ديسمبر 2026" in said
    assert "Horas de silencio: 22:00–06:00" in said
    for track in plan_pack(request).tracks:
        assert track.path in said
    # a Spanish message in the morning of working days alone, an Arabic one in the evening, too
    first = said.partition("001_pedir")[2].partition("002_si-el")[0]
    assert "06:00–10:00 lunes – viernes" in first
    assert "18:00" not in first
    arabic = said.partition("001_aviso-1")[2].partition("002_aviso-2")[0]
    assert "18:00–21:00" in arabic
    assert "EJEMPLO · Voz sintética" in said
    assert "Duración total: 0:08" in said


def test_without_a_schedule_the_run_sheet_has_no_hours(request_of: RequestMaker) -> None:
    said = run_sheet(request_of(languages=(EN,)))
    assert "LengthValid until" in said
    assert "Quiet" not in said


@pytest.mark.parametrize("render", [render_card, render_run_sheet])
def test_a_private_station_is_on_no_sheet_and_strangers_words_stay_words(
    request_of: RequestMaker, edition_of: EditionMaker, render: Callable[..., dict[str, bytes]]
) -> None:
    nasty = "</p><script>1</script>{{ 7*7 }}\u202e"
    base = request_of(editions=(edition_of(ES, 1, title=nasty),))
    request = replace(base, network=replace(base.network, name=nasty))
    [page] = render(request, plan_pack(request)).values()
    tree = html5lib.parse(page.decode("utf-8"), namespaceHTMLElements=False)
    assert not list(tree.iter("script"))
    assert "Terminal Norte" not in page.decode("utf-8")
    assert "\u202e" not in page.decode("utf-8")
    assert "{{ 7*7 }}" in words(page)


def test_the_card_has_the_key_in_groups_to_compare(request_of: RequestMaker) -> None:
    request = request_of(languages=(ES, AR))
    unsigned = words(render_card(request, plan_pack(request))[CARD])
    assert "Nadie firmó este paquete" in unsigned
    signed = replace(request, signer=KEY)
    said = words(render_card(signed, plan_pack(signed))[CARD])
    # once for each reader
    assert said.count(KEY.public.fingerprint) == 2
    assert KEY.public.text in said
    assert "radio@camino.example" in said
    assert "https://camino.example/" in said
    assert "Válido hasta el 6 de diciembre de 2026" in said


def test_hours_that_stand_on_a_sheet_part_packs_of_private_stations(
    request_of: RequestMaker,
) -> None:
    base = request_of(languages=(ES,))
    quiet = replace(base.station, schedule=Schedule(quiet=(span(22, 6),)))
    names = {plan_pack(one).pack_id for one in (base, replace(base, station=quiet))}
    assert len(names) == 2
