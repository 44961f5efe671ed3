"""What presenters read aloud: kept for stations that say the same, written anew for all others."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from programme.editions import Chapter
from programme.stations import Automation
from programme.units import DurationMs
from stations import delivery_papers
from stations.deliveries import DeliveryItem, DeliveryRequest
from stations.delivery_plan import plan_delivery
from stations.pack_plan import PackEdition
from tests.stations.folders import ES, request_for, six

SCRIPT = "papers/script_es-419.txt"

Change = Callable[[DeliveryRequest], DeliveryRequest]


def scripts(request: DeliveryRequest) -> Mapping[str, bytes]:
    texts = plan_delivery(request).texts
    return {path: data for path, data in texts.items() if path.startswith("papers/")}


def first(
    request: DeliveryRequest, change: Callable[[DeliveryItem], DeliveryItem]
) -> DeliveryRequest:
    changed, *others = request.items
    assert changed.air.language == ES
    return replace(request, items=(change(changed), *others))


def other_words(one: DeliveryItem) -> DeliveryItem:
    caption, *others = one.edition.captions
    captions = (replace(caption, text="Otra cosa."), *others)
    return replace(one, edition=replace(one.edition, captions=captions))


def with_two_titles(one: DeliveryItem, *, change_at: int, heard_at: int) -> DeliveryItem:
    """Let a second title begin within a sentence that is heard from ``heard_at`` on."""
    first, second = one.edition.captions
    captions = (first, replace(second, start_ms=DurationMs(heard_at)))
    end = one.edition.duration_ms
    chapters = (
        Chapter(start_ms=DurationMs(0), end_ms=DurationMs(change_at), title="Uno"),
        Chapter(start_ms=DurationMs(1_000), end_ms=end, title="Dos"),
    )
    return replace(one, edition=replace(one.edition, captions=captions, chapters=chapters))


CHANGES: dict[str, Change] = {
    "words": lambda asked: first(asked, other_words),
    "title": lambda asked: first(
        asked, lambda one: replace(one, air=replace(one.air, title="Otro título"))
    ),
    "last day": lambda asked: first(
        asked, lambda one: replace(one, air=replace(one.air, expires=date(2026, 12, 24)))
    ),
    "name of the file": lambda asked: first(
        asked, lambda one: replace(one, air=replace(one.air, stem="otro"))
    ),
    "a file fewer": lambda asked: replace(asked, items=asked.items[1:]),
    "publisher": lambda asked: replace(asked, network=replace(asked.network, name="Otra red")),
    "no machine voice": lambda asked: replace(
        asked,
        items=tuple(
            replace(one, edition=replace(one.edition, synthetic_voice=False)) for one in asked.items
        ),
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_script_is_written_anew_for_whatever_changes_it(
    change: Change, edition_of: Callable[..., PackEdition]
) -> None:
    asked = request_for(Automation.MPD, six(edition_of))
    before = scripts(asked)
    after = scripts(change(asked))
    assert after[SCRIPT] != before[SCRIPT]
    assert scripts(asked) == before
    delivery_papers._script_bytes.cache_clear()
    assert scripts(change(asked)) == after


@pytest.mark.parametrize(("change_at", "heard_at"), [(1_500, 1_000), (1_000, 999)])
def test_under_which_title_a_sentence_stands_follows_from_when_it_is_heard(
    change_at: int, heard_at: int, edition_of: Callable[..., PackEdition]
) -> None:
    asked = request_for(Automation.MPD, six(edition_of))
    parted = partial(with_two_titles, change_at=1_000, heard_at=1_000)
    joined = partial(with_two_titles, change_at=change_at, heard_at=heard_at)
    assert b"[Dos]" in scripts(first(asked, parted))[SCRIPT]
    assert b"[Dos]" not in scripts(first(asked, joined))[SCRIPT]


def test_stations_that_say_the_same_have_the_same_script(
    edition_of: Callable[..., PackEdition],
) -> None:
    asked = request_for(Automation.MPD, six(edition_of))
    other = request_for(Automation.ZARARADIO, six(edition_of))
    assert scripts(other) == scripts(asked)
