"""What many packs share is made once, and is what each would have made for itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from production.building import BuildReport, Workshop
from production.ledger.ledger import Ledger
from production.packs.packing import PackOrder, PreparedPack, look_at_packs
from production.packs.recall import Histories
from production.packs.request import PackShelf, content_of
from production.packs.shares import ShareTexts
from production.planner import PLAN_VERSION
from production.records import plain_edition, plain_value
from programme.digests import Plain, fingerprint
from programme.units import LanguageTag
from scripts.station_facts import own_editions
from scripts.workspace import Workspace
from stations.pack_naming import station_needs
from stations.pack_plan import PACK_VERSION, PackRequest
from tests.production.packs.test_overrides import OWN
from tests.production.running import TODAY, Quiet, built_once, copy_of, read, run_here
from tests.production.small import FILES

SHARING = FILES["stations/packs.yml"] + "share: yes\npublish_identity: yes\n"
STATIONS = {
    "stations/own.yml": FILES["stations/packs.yml"].replace("Radio B", "Radio C") + OWN,
    "stations/share.yml": SHARING.replace("[corta]", "[bucle, corta]"),
    "stations/loop.yml": FILES["stations/terminal.yml"] + "loop: {form: one}\n",
}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "shelf", STATIONS, known=True)


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return copy_of(built, tmp_path / "shelf")


@contextmanager
def shop_of(root: Path) -> Iterator[tuple[Workshop, Workspace, BuildReport]]:
    workspace = read(root)
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=TODAY)
        yield shop, workspace, shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)


def packs_of(root: Path) -> tuple[Workspace, BuildReport, list[PreparedPack]]:
    with shop_of(root) as (shop, workspace, report):
        order = PackOrder(today=TODAY, rehearsal=True)
        packs = list(look_at_packs(shop, workspace, report, names=(), order=order))
    made = [one for one in packs if isinstance(one, PreparedPack)]
    assert len(made) == len(packs) == 5
    return workspace, report, made


def whole(workspace: Workspace, request: PackRequest) -> dict[str, Plain]:
    """Give everything that decides a pack's bytes as one plain value."""
    station = request.station
    public = {"id": station.id, "name": station.name} if station.publish_identity else {}
    network = asdict(workspace.network)
    untold = {"voices", "targets", "store", "reviews"}
    told: dict[str, Plain] = {
        "version": [PLAN_VERSION, PACK_VERSION],
        "network": {n: network[n] for n in set(network) - untold},
        "station": station_needs(station) | public,
        "series": [[*map(list, workspace.series[n].title.items())] for n in station.series],
        "editions": [
            [plain_edition(one.edition), one.rendition.id, dict(one.segment_titles)]
            for one in request.editions
        ],
        "left_out": [[one.language, one.title, one.reason] for one in request.left_out],
        "papers": [[one.file.path, one.file.digest] for one in request.papers],
        "signer": "",
        "rehearsal": request.rehearsal,
    }
    if request.overrides:
        rows = [asdict(one) for one in request.overrides]
        told["overrides"] = [
            plain_value({n: row[n] for n in row if n != "reason" or public}) for row in rows
        ]
    return told


def test_the_content_of_a_pack_is_the_fingerprint_of_all_that_decides_its_bytes(
    root: Path,
) -> None:
    workspace, _, packs = packs_of(root)
    contents = {one.request.station.id: one.content for one in packs}
    assert contents == {
        one.request.station.id: fingerprint(whole(workspace, one.request)) for one in packs
    }
    assert len(set(contents.values())) == len(packs)


def test_where_machines_share_their_work_makes_no_new_pack(root: Path, tmp_path: Path) -> None:
    _, _, before = packs_of(root)
    settings = root / "altavoz.toml"
    named = f'\n[store]\npath = "{tmp_path}/shared"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + named, encoding="utf-8")
    workspace, _, packs = packs_of(root)
    assert workspace.network.store is not None
    assert [one.content for one in packs] == [one.content for one in before]


def test_each_station_finds_on_the_shelf_what_looking_at_every_edition_finds(root: Path) -> None:
    workspace, report, packs = packs_of(root)
    for pack in packs:
        station = pack.request.station
        own = own_editions(workspace, station)
        wanted = [
            one.edition
            for one in report.editions
            if one.station == (station.id if one.edition.key in own else "")
            and one.edition.profile == station.profile
            and one.edition.series in station.series
            and one.edition.language in station.languages
        ]
        shelf = PackShelf(workspace, report.editions, Histories(Ledger(root)))
        assert [one.edition for one in shelf.choose(station)] == wanted
        assert wanted


def test_what_stations_take_alike_is_one_value_and_what_one_says_otherwise_is_another(
    root: Path,
) -> None:
    workspace, report, _ = packs_of(root)
    shelf = PackShelf(workspace, report.editions, Histories(Ledger(root)))
    share = replace(workspace.stations["share"], series=("corta",))
    general, again, own = (
        shelf.choose(one) for one in (workspace.stations["packs"], share, workspace.stations["own"])
    )
    assert all(one is other for one, other in zip(general, again, strict=True))
    assert {one.edition.words_digest for one in general}.isdisjoint(
        one.edition.words_digest for one in own
    )


def test_an_item_that_says_something_else_is_written_anew(root: Path) -> None:
    workspace, report, packs = packs_of(root)
    shelf = PackShelf(workspace, report.editions, Histories(Ledger(root)))
    [first, *_] = shelf.choose(workspace.stations["packs"])
    kept = shelf.written(first)
    other = replace(first, edition=replace(first.edition, title="Something else"))
    assert "Something else" in shelf.written(other)
    assert shelf.written(first) == kept
    request = next(one.request for one in packs if one.request.station.id == "packs")
    contents = [
        content_of(workspace, replace(request, editions=(one,)), shelf) for one in (first, other)
    ]
    assert contents[0] != contents[1]


def test_what_was_taken_back_since_is_on_no_new_shelf(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, report, _ = packs_of(root)
    station = workspace.stations["packs"]
    before = PackShelf(workspace, report.editions, Histories(Ledger(root))).choose(station)
    taken_back = ("release", "retract", "corta/corta-1", "--target", "public", "-j1", "-w", root)
    for command in (("publish", "public", "-j1", "-w", root), taken_back):
        assert run_here(*command, capture=capsys).code == 0
    after = PackShelf(workspace, report.editions, Histories(Ledger(root))).choose(station)
    assert before
    assert after == ()


def test_a_text_to_pass_on_is_written_anew_for_other_words_and_for_other_readers(
    root: Path,
) -> None:
    workspace, report, packs = packs_of(root)
    shelf = PackShelf(workspace, report.editions, Histories(Ledger(root)))
    texts = ShareTexts(workspace.network)
    station = next(one.request.station for one in packs if one.request.station.id == "share")
    small = replace(station, profile="loudspeaker")
    [item, *_] = shelf.choose(small)
    plain = texts.of(small, item)
    renamed = replace(item, edition=replace(item.edition, title="Something else"))
    assert texts.of(small, renamed) != plain
    assert texts.of(small, item) == plain
    # A language without phrases of its own borrows those that the station's people read first.
    foreign = replace(item, edition=replace(item.edition, language=LanguageTag("mam")))
    borrowed = [
        texts.of(replace(small, languages=tags), foreign)
        for tags in ((LanguageTag("es-419"),), (LanguageTag("en"),), (LanguageTag("es-419"),))
    ]
    assert borrowed[0] == borrowed[2] != borrowed[1]
