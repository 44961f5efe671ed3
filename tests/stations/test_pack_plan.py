"""What goes where in a pack, decided without touching a file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from programme.editions import Rendition
from programme.errors import ExitCode, ProductionError
from programme.series import Series
from programme.sound import Loudness
from programme.stations import StationKind
from programme.units import Dbtp, Digest, LanguageTag, Lu, Lufs
from stations.pack_members import gather_members
from stations.pack_plan import PackEdition, PackRequest, pick_rendition, plan_pack

RequestMaker = Callable[..., PackRequest]
EditionMaker = Callable[..., PackEdition]
ES, EN, AR = LanguageTag("es-419"), LanguageTag("en"), LanguageTag("ar")


def rendition(suffix: str) -> Rendition:
    return Rendition(
        id=suffix[1:],
        suffix=suffix,
        media_type="audio/x",
        kbps=24,
        digest=Digest("0" * 64),
        length_bytes=1,
        loudness=Loudness(
            integrated=Lufs(-14.0),
            range_lu=Lu(2.0),
            momentary_max=Lufs(-12.0),
            short_term_max=Lufs(-13.0),
            true_peak=Dbtp(-1.4),
        ),
    )


def paths(request: PackRequest) -> tuple[str, ...]:
    return tuple(one.path for one in gather_members(request, plan_pack(request)))


def test_a_loudspeaker_gets_numbered_folders_and_all_else_in_the_last(
    request_of: RequestMaker,
) -> None:
    assert paths(request_of(languages=(AR, ES))) == (
        "01_AR/001_aviso-1.mp3",
        "01_AR/002_aviso-2.mp3",
        "02_ES/001_pedir-asilo-es-gratis.mp3",
        "02_ES/002_si-el-numero-no.mp3",
        "index.html",
        "README.txt",
        "data/playlist.m3u8",
        "data/playlist.m3u",
        "data/playlist.pls",
        "data/playlist_ar.m3u8",
        "data/playlist_es-419.m3u8",
        "data/run_sheet.html",
        "data/script_ar.html",
        "data/script_ar.txt",
        "data/script_es-419.html",
        "data/script_es-419.txt",
        "data/card.html",
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "pack.json",
        "SHA256SUMS",
        "tagmanifest-sha256.txt",
    )


def test_a_radio_finds_playlists_and_papers_at_the_root(request_of: RequestMaker) -> None:
    assert paths(request_of(StationKind.RADIO, (ES,))) == (
        "01_ES/avisos_es-419_001.mp3",
        "01_ES/avisos_es-419_002.mp3",
        "index.html",
        "playlist.m3u8",
        "playlist.m3u",
        "playlist.pls",
        "README.txt",
        "data/run_sheet.html",
        "data/script_es-419.html",
        "data/script_es-419.txt",
        "data/card.html",
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "pack.json",
        "SHA256SUMS",
        "tagmanifest-sha256.txt",
    )


def test_play_order_is_language_then_series_as_the_station_names_them(
    request_of: RequestMaker, edition_of: EditionMaker
) -> None:
    base = request_of(languages=(AR, ES))
    station = replace(base.station, series=("zeta", "avisos"))
    editions = tuple(
        edition_of(tag, number, series=series)
        for tag in (ES, AR)
        for series in ("avisos", "zeta")
        for number in (2, 1)
    )
    plan = plan_pack(replace(base, station=station, editions=editions))
    order = [
        (t.item.edition.language, t.item.edition.series, t.item.edition.number) for t in plan.tracks
    ]
    assert order == [
        (AR, "zeta", 1), (AR, "zeta", 2), (AR, "avisos", 1), (AR, "avisos", 2),
        (ES, "zeta", 1), (ES, "zeta", 2), (ES, "avisos", 1), (ES, "avisos", 2),
    ]  # fmt: skip


def test_a_language_with_nothing_to_play_gets_no_folder(
    request_of: RequestMaker, edition_of: EditionMaker
) -> None:
    request = request_of(languages=(AR, EN, ES))
    plan = plan_pack(replace(request, editions=(edition_of(ES, 1), edition_of(AR, 1))))
    assert [track.path[:5] for track in plan.tracks] == ["01_AR", "02_ES"]
    assert plan.languages == (AR, ES)


def test_the_pack_says_demo_and_synthetic_if_any_item_is(
    request_of: RequestMaker, edition_of: EditionMaker
) -> None:
    request = request_of()
    human = edition_of(ES, 1, demo=False, synthetic_voice=False)
    plan = plan_pack(replace(request, editions=(human,)))
    assert (plan.demo, plan.synthetic_voice) == (False, False)
    plan = plan_pack(replace(request, editions=(human, edition_of(EN, 1))))
    assert (plan.demo, plan.synthetic_voice) == (True, True)


def test_private_stations_that_take_the_same_share_a_neutral_name(
    request_of: RequestMaker,
) -> None:
    one = request_of()
    other = replace(one, station=replace(one.station, id="refugio-sur", name="Refugio"))
    assert plan_pack(one).pack_id == plan_pack(other).pack_id
    fewer = replace(
        one,
        station=replace(one.station, languages=(ES,)),
        editions=tuple(e for e in one.editions if e.edition.language == ES),
    )
    assert plan_pack(fewer).pack_id != plan_pack(one).pack_id
    assert plan_pack(one).file_name == f"{plan_pack(one).pack_id}.zip"


def test_an_empty_pack_is_refused(request_of: RequestMaker) -> None:
    with pytest.raises(ProductionError, match="nothing to pack"):
        plan_pack(request_of(editions=()))


def test_an_item_may_be_packed_on_its_last_day_and_not_on_the_next(
    request_of: RequestMaker,
) -> None:
    assert plan_pack(request_of(issued=date(2026, 12, 6))).valid_until == date(2026, 12, 6)
    with pytest.raises(ProductionError, match="may not be played after 2026-12-06") as caught:
        plan_pack(request_of(issued=date(2026, 12, 7)))
    assert caught.value.code is ExitCode.EXPIRED


def test_more_than_a_player_takes_is_refused(
    request_of: RequestMaker, edition_of: EditionMaker
) -> None:
    request = request_of()
    item = edition_of(ES, 1)
    many = tuple(
        replace(item, edition=replace(item.edition, number=n, episode=f"e-{n}"))
        for n in range(1, 101)
    )
    assert len(plan_pack(replace(request, editions=many[:99])).tracks) == 99
    with pytest.raises(ProductionError, match="more than a player takes"):
        plan_pack(replace(request, editions=many))
    huge = replace(item, rendition=replace(item.rendition, length_bytes=4_294_967_295))
    with pytest.raises(ProductionError, match="over 4 GiB"):
        plan_pack(replace(request, editions=(huge,)))


def test_an_edition_twice_or_in_a_strange_language_is_a_bug(
    request_of: RequestMaker, edition_of: EditionMaker
) -> None:
    request = request_of()
    with pytest.raises(ValueError, match="twice"):
        plan_pack(replace(request, editions=(*request.editions, request.editions[0])))
    strange = edition_of(LanguageTag("ht"), 1)
    with pytest.raises(ValueError, match="does not take"):
        plan_pack(replace(request, editions=(*request.editions, strange)))


def test_mp3_is_taken_where_there_is_one() -> None:
    opus, mp3 = rendition(".opus"), rendition(".mp3")
    assert pick_rendition((opus, mp3)) is mp3
    assert pick_rendition((opus,)) is opus
    with pytest.raises(ValueError, match="without renditions"):
        pick_rendition(())


def test_planning_five_hundred_stations_is_no_work(request_of: RequestMaker) -> None:
    # The series is not needed to plan, only to print.
    request = replace(request_of(), series=dict[str, Series]())
    assert {plan_pack(request).pack_id for _ in range(500)} == {plan_pack(request).pack_id}
