"""Pages of feeds: stable from the oldest, light enough for any player, what matters ahead."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from feeds.channel import FeedChannel, FeedPage
from feeds.documents import documents_of
from feeds.paging import MOST_BYTES, MOST_ITEMS, PAGE_BYTES, Slot, full_pages, page_numbers

WEIGHTS = st.integers(600, 24_000)
SLOTS = st.lists(
    st.builds(
        lambda first, now, gone, ahead: Slot(
            first_bytes=first, bytes=0 if gone else now, ahead=ahead and not gone
        ),
        WEIGHTS,
        WEIGHTS,
        st.booleans(),
        st.booleans(),
    ),
    max_size=300,
)


def plain(count: int, weight: int = 1_000) -> list[Slot]:
    return [Slot(first_bytes=weight, bytes=weight) for _ in range(count)]


def numbers_of(slots: list[Slot]) -> list[int]:
    return page_numbers(slots, full_pages(slots))


def test_short_items_come_fifty_to_a_page_and_fifty_to_ninety_nine_to_the_feed_itself() -> None:
    assert numbers_of(plain(99)) == [0] * 99
    assert numbers_of(plain(100)) == [1] * 50 + [0] * 50
    assert numbers_of(plain(149)) == [1] * 50 + [0] * 99
    assert numbers_of(plain(150)) == [1] * 50 + [2] * 50 + [0] * 50


def test_what_is_ahead_stands_in_the_feed_itself_from_whatever_page() -> None:
    slots = plain(300)
    slots[3] = Slot(first_bytes=1_000, bytes=1_500, ahead=True)
    numbers = numbers_of(slots)
    assert numbers[3] == 0
    assert [numbers[place] for place in (2, 4)] == [1, 1]


@given(SLOTS)
@example([])
def test_no_document_ever_weighs_too_much(slots: list[Slot]) -> None:
    numbers = numbers_of(slots)
    weights: dict[int, int] = {}
    for slot, number in zip(slots, numbers, strict=True):
        weights[number] = weights.get(number, 0) + slot.bytes
    assert all(weight <= MOST_BYTES for weight in weights.values())
    assert all(numbers.count(page) <= MOST_ITEMS for page in set(numbers) - {0})


@given(SLOTS, WEIGHTS)
def test_a_new_item_moves_nothing_that_stands_on_an_older_page(
    slots: list[Slot], weight: int
) -> None:
    before, after = full_pages(slots), full_pages([*slots, Slot(first_bytes=weight, bytes=weight)])
    assert after[:-1] == before


@given(st.lists(WEIGHTS, min_size=1, max_size=300), st.data())
def test_what_happens_to_an_item_moves_no_other(weights: list[int], data: st.DataObject) -> None:
    slots = [Slot(first_bytes=weight, bytes=weight) for weight in weights]
    place = data.draw(st.integers(0, len(slots) - 1))
    changed = list(slots)
    changed[place] = Slot(first_bytes=weights[place], bytes=0)
    assert full_pages(changed) == full_pages(slots)


def test_documents_name_each_other_both_ways(channel: FeedChannel) -> None:
    # RFC 5005, section 3: first, last, previous, next
    one, two, three = channel.items
    paged = replace(
        channel,
        pages=(
            FeedPage(number=1, changed_at=one.published_at, items=(one,)),
            FeedPage(number=3, changed_at=three.published_at, items=(three,)),
        ),
    )
    base = channel.feed_url.removesuffix(".xml")
    found = {document.number: dict(document.links) for document in documents_of(paged)}
    assert [item.guid for item in next(documents_of(paged)).items] == [two.guid]
    assert found == {
        0: {"first": f"{base}.xml", "last": f"{base}-p0001.xml", "next": f"{base}-p0003.xml"},
        1: {"first": f"{base}.xml", "last": f"{base}-p0001.xml", "previous": f"{base}-p0003.xml"},
        3: {
            "first": f"{base}.xml",
            "last": f"{base}-p0001.xml",
            "previous": f"{base}.xml",
            "next": f"{base}-p0001.xml",
        },
    }
    assert [dict(document.links) for document in documents_of(channel)] == [{}]


def test_a_page_is_full_below_what_a_document_may_weigh_twice() -> None:
    assert 2 * (PAGE_BYTES + 8_500) < MOST_BYTES
