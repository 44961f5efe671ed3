"""Digests of items: two items that differ in anything never have one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from feeds.channel import (
    AlternateRendition,
    FeedEnclosure,
    FeedItem,
    ItemState,
    TranscriptLink,
)
from production.catalogue.item_digests import ItemDigests, item_digest
from programme.editions import Chapter
from programme.facts import Source

TEXTS = st.text(alphabet="ab\0\\'\"(),é\ud800", max_size=3)
DAYS = st.dates(min_value=date(2026, 11, 20), max_value=date(2026, 11, 23))
MOMENTS = DAYS.map(lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC))
FIGURES = st.integers(min_value=0, max_value=12)

ITEMS = st.builds(
    FeedItem,
    guid=TEXTS,
    title=TEXTS,
    description=TEXTS,
    link=TEXTS,
    published_at=MOMENTS,
    duration_ms=FIGURES,
    number=FIGURES,
    enclosure=st.none() | st.builds(FeedEnclosure, url=TEXTS, length_bytes=FIGURES),
    alternates=st.lists(
        st.builds(AlternateRendition, url=TEXTS, title=TEXTS, format=TEXTS), max_size=2
    ).map(tuple),
    transcripts=st.lists(st.builds(TranscriptLink, url=TEXTS), max_size=2).map(tuple),
    licence=TEXTS,
    expires=DAYS,
    state=st.sampled_from(ItemState),
    topics=st.lists(TEXTS, max_size=2).map(tuple),
    countries=st.lists(TEXTS, max_size=2).map(tuple),
    sources=st.lists(
        st.builds(Source, title=TEXTS, url=TEXTS, retrieved=st.none() | DAYS), max_size=2
    ).map(tuple),
    chapters=st.lists(
        st.builds(Chapter, start_ms=FIGURES, end_ms=FIGURES, title=TEXTS), max_size=2
    ).map(tuple),
    changed_at=st.none() | MOMENTS,
)


def cut(parts: Sequence[str], at: int, item: FeedItem) -> FeedItem:
    """Put the first parts into the title and the others into the description."""
    return replace(item, title="\0".join(parts[:at]), description="\0".join(parts[at:]))


@given(item=ITEMS, other=ITEMS)
def test_items_have_one_digest_where_they_are_one_and_only_there(
    item: FeedItem, other: FeedItem
) -> None:
    assert item_digest(replace(item)) == item_digest(item)
    assert (item_digest(item) == item_digest(other)) == (item == other)


@given(item=ITEMS, parts=st.lists(TEXTS, min_size=3, max_size=5), data=st.data())
def test_a_text_that_goes_on_in_the_next_field_is_another_item(
    item: FeedItem, parts: Sequence[str], data: st.DataObject
) -> None:
    places = st.integers(min_value=1, max_value=len(parts) - 1)
    first, second = cut(parts, data.draw(places), item), cut(parts, data.draw(places), item)
    assert (item_digest(first) == item_digest(second)) == (first == second)


@given(item=ITEMS)
def test_what_is_kept_is_the_digest_itself(item: FeedItem) -> None:
    kept = ItemDigests()
    assert kept.of(item) == kept.of(item) == kept.last_of(item) == item_digest(item)
