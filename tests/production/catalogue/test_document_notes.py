"""Documents of feeds are not made again where nothing in them changed; whatever changed is seen."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.channel import ChannelKind, FeedChannel, FeedPage, ItemState, RemoteFeed
from feeds.rss import RssFeed
from feeds.version import feeds_version
from production.catalogue.catalogue import Catalogue
from production.catalogue.document_notes import NOTES_SUFFIX, DocumentNotes
from production.catalogue.documents import feed_documents, feed_drafts
from production.targets.standing import NOTES_FOLDER
from programme.digests import digest_bytes
from programme.tables import package_file
from programme.units import Fingerprint, Key, LanguageTag, Url
from tests.pages.site_material import ES, catalogue, channel, item
from tests.production.published import NOON, Made, made_once, make, send
from tests.production.running import tree

LATER = NOON + timedelta(hours=2)
REMOTE = RemoteFeed(podcast_guid="guid", feed_url=Url("https://x.example/a.xml"), title="A")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(made_once(tmp_path_factory))


def whole_channel() -> FeedChannel:
    """Give a feed with two documents, in which no field is empty that can be filled."""
    told = replace(
        item(ES, 1),
        topics=("health",),
        countries=("GT",),
        changed_at=datetime.fromisoformat("2026-10-02T00:00:00+00:00"),
    )
    old = item(ES, 2)
    page = FeedPage(number=1, changed_at=old.published_at, items=(old,))
    return replace(
        channel(ES, (told, old)),
        pages=(page,),
        publisher=REMOTE,
        podroll=(REMOTE,),
        members=(REMOTE,),
        countries=("GT",),
    )


OTHERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (ItemState, lambda _: ItemState.NOTICE),
    (ChannelKind, lambda _: ChannelKind.TOPIC),
    (bool, lambda value: not value),
    (int, lambda value: value + 1),
    (str, lambda value: value + "x"),
    (datetime, lambda value: value + timedelta(seconds=1)),
    (date, lambda value: value + timedelta(days=1)),
    (tuple, lambda value: (*value, value[0]) if value else ("x",)),
    (type(None), lambda _: datetime.fromisoformat("2026-10-02T00:00:00+00:00")),
)


def another(value: Any) -> Any:
    """Give a value of the same kind that is not equal; a dataclass with another first field."""
    for kind, change in OTHERS:
        if isinstance(value, kind):
            return change(value)
    first = fields(value)[0].name
    return replace(value, **{first: another(getattr(value, first))})


def changed_in(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Give a value with each field of it changed, and each of what it holds."""
    for one in fields(value):
        held = getattr(value, one.name)
        yield f"{path}.{one.name}", replace(value, **{one.name: another(held)})
        if isinstance(held, tuple) and held and is_dataclass(held[0]):
            for name, inner in changed_in(held[0], f"{path}.{one.name}"):
                yield name, replace(value, **{one.name: (inner, *held[1:])})
        elif is_dataclass(held):
            for name, inner in changed_in(held, f"{path}.{one.name}"):
                yield name, replace(value, **{one.name: inner})


def fingerprints(made_of: FeedChannel) -> dict[Key, Fingerprint]:
    return {one.key: one.fingerprint for one in feed_drafts(catalogue(made_of))}


def test_every_field_of_an_item_and_of_its_files_tells_documents_apart() -> None:
    whole = whole_channel()
    told = fingerprints(whole)
    head, page = Key("camino/es-419.xml"), Key("camino/es-419-p0001.xml")
    seen = set()
    for name, other in changed_in(whole.items[0], "item"):
        found = fingerprints(replace(whole, items=(other, whole.items[1])))
        assert found[head] != told[head], name
        assert found[page] == told[page], name
        seen.add(name)
    assert {"item.title", "item.enclosure.length_bytes", "item.alternates.sha256"} <= seen
    assert {"item.transcripts.captions", "item.chapters.title", "item.sources.url"} <= seen


def test_every_field_of_a_feed_tells_its_documents_apart() -> None:
    whole = whole_channel()
    told = fingerprints(whole)
    for one in fields(FeedChannel):
        if one.name in {"items", "pages"}:
            continue
        other = replace(whole, **{one.name: another(getattr(whole, one.name))})
        assert not set(fingerprints(other).items()) & set(told.items()), one.name


def test_the_order_of_items_the_date_of_a_page_and_its_neighbours_tell_documents_apart() -> None:
    whole = whole_channel()
    page = whole.pages[0]
    told = fingerprints(whole)
    for other in (
        replace(page, changed_at=another(page.changed_at)),
        replace(page, number=2),
        replace(page, items=(*page.items, item(ES, 3))),
    ):
        assert not set(fingerprints(replace(whole, pages=(other,))).items()) & {
            pair for pair in told.items() if "p000" in pair[0]
        }
    more = FeedPage(number=2, changed_at=page.changed_at, items=(item(ES, 3),))
    found = fingerprints(replace(whole, pages=(page, more)))
    assert found[Key("camino/es-419-p0001.xml")] != told[Key("camino/es-419-p0001.xml")]


def test_a_feed_that_ends_with_its_last_live_item_is_another_document() -> None:
    whole = replace(whole_channel(), ended=True)
    gone = [replace(one, state=ItemState.WITHDRAWN) for one in whole.items]
    page = Key("camino/es-419-p0001.json")
    both = fingerprints(replace(whole, items=(gone[0], whole.items[1])))
    neither = fingerprints(replace(whole, items=tuple(gone)))
    assert both[page] != neither[page]


def test_drafts_are_the_documents_and_equal_ones_have_equal_bytes() -> None:
    shown: Catalogue = catalogue(whole_channel(), channel(LanguageTag("ar")))
    drafts = list(feed_drafts(shown))
    assert [one.document() for one in drafts] == list(feed_documents(shown))
    again = list(feed_drafts(catalogue(whole_channel(), channel(LanguageTag("ar")))))
    assert [(one.fingerprint, one.render()) for one in again] == [
        (one.fingerprint, one.render()) for one in drafts
    ]


def test_whatever_writes_documents_is_in_their_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("feeds", "programme"):
        shutil.copytree(package_file(name), tmp_path / name)
    monkeypatch.setattr("feeds.version.package_file", lambda name: tmp_path / name)
    version = feeds_version.__wrapped__
    before = version()
    assert before == feeds_version()
    for name in ("feeds/rss.py", "feeds/item_texts.py", "feeds/countries.toml"):
        before = version()
        with (tmp_path / name).open("a", encoding="utf-8") as file:
            file.write("# more\n")
        assert version() != before
    before = version()
    monkeypatch.setattr("feeds.version._library", lambda _: "0.0")
    assert version() != before


def test_what_another_version_writes_has_other_fingerprints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = fingerprints(whole_channel())
    monkeypatch.setattr("production.catalogue.documents.feeds_version", lambda: "0" * 64)
    assert not set(fingerprints(whole_channel()).items()) & set(told.items())


# --- Notes --------------------------------------------------------------------------------------

FEED = Key("corta/en.xml")
A, B = Fingerprint("a" * 64), Fingerprint("b" * 64)


def test_notes_tell_the_digest_of_what_was_made_of_the_same_and_of_nothing_else(
    tmp_path: Path,
) -> None:
    path = tmp_path / "notes"
    notes = DocumentNotes(path)
    assert notes.digest(FEED, A) is None
    notes.note(FEED, A, digest_bytes(b"feed"))
    notes.note(Key("gone.xml"), A, digest_bytes(b"gone"))
    notes.save()
    again = DocumentNotes(path)
    assert again.digest(FEED, A) == digest_bytes(b"feed")
    assert again.digest(FEED, B) is None
    assert again.digest(Key("other.xml"), A) is None
    again.save()  # nobody asked for the other one: it is no document any more
    assert DocumentNotes(path).digest(Key("gone.xml"), A) is None


@pytest.mark.parametrize("data", [b"", b"{", b"[1]\n", b'["a","b"]\n', b"\xff\n", b"[" * 100_000])
def test_damaged_notes_tell_nothing(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "notes"
    path.write_bytes(data)
    assert DocumentNotes(path).digest(FEED, A) is None


def test_notes_that_nothing_was_added_to_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    notes = DocumentNotes(path)
    notes.save()
    assert not path.exists()
    notes.note(FEED, A, digest_bytes(b"feed"))
    notes.save()
    before = path.stat().st_ino
    again = DocumentNotes(path)
    assert again.digest(FEED, A)
    again.save()
    assert path.stat().st_ino == before


# --- Publishing ---------------------------------------------------------------------------------


def notes_of(root: Path) -> Path:
    [found] = root.rglob(f"{NOTES_FOLDER}/public{NOTES_SUFFIX}")
    return found


def refuse(*_given: object) -> bytes:
    raise AssertionError("a document is made again")


def settled(root: Path, made: Made) -> dict[str, str]:
    """Publish until everything is known, and give what stands there."""
    for hour in range(2):
        send(root, made, now=NOON + timedelta(hours=hour))
    return tree(root / "public")


def test_a_publish_of_nothing_new_makes_no_document(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = settled(tmp_path, made)
    kept = send(tmp_path, made, now=LATER).kept
    monkeypatch.setattr(RssFeed, "render", refuse)
    report = send(tmp_path, made, now=LATER)
    assert not report.sent
    assert report.kept == kept
    assert tree(tmp_path / "public") == before


@pytest.mark.parametrize("harm", ["other", "gone", "as long"])
def test_what_others_did_to_a_feed_is_found_although_nothing_in_it_changed(
    made: Made, tmp_path: Path, harm: str
) -> None:
    before = settled(tmp_path, made)
    feed = tmp_path / "public" / FEED
    data = feed.read_bytes()
    if harm == "gone":
        feed.unlink()
    else:
        feed.write_bytes(b"x" * len(data) if harm == "as long" else data + b"<!-- -->")
    report = send(tmp_path, made, now=LATER)
    assert FEED in report.sent
    counts = {"publish.json": before["publish.json"]}  # how often something was published
    assert tree(tmp_path / "public") | counts == before


@pytest.mark.parametrize("harm", ["gone", "damaged", "of other bytes", "of other things"])
def test_notes_that_are_lost_or_wrong_change_nothing_of_what_is_published(
    made: Made, tmp_path: Path, harm: str
) -> None:
    before = settled(tmp_path, made)
    path = notes_of(tmp_path)
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    assert rows
    match harm:
        case "gone":
            path.unlink()
        case "damaged":
            path.write_bytes(path.read_bytes()[:-20])
        case "of other bytes":
            told = [[key, made_of, "0" * 64] for key, made_of, _ in rows]
            path.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
        case _:
            told = [[key, "0" * 64, digest] for key, _, digest in rows]
            path.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    assert not send(tmp_path, made, now=LATER).sent
    assert tree(tmp_path / "public") == before
    found = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    assert found == rows


def test_a_dry_run_notes_nothing(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made, dry_run=True)
    assert not list(tmp_path.rglob(f"*{NOTES_SUFFIX}"))
