"""What is judged quickly is judged as when each field is looked at by its name."""

import sys
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.channel import FeedChannel, FeedItem
from feeds.channel_checks import check_each_field, check_item, is_plainly_right
from feeds.text_limits import MAX_DESCRIPTION_BYTES
from feeds.wellformed import (
    check_description,
    check_value,
    illegal_character,
    is_plain_line,
    is_short_text,
)
from programme.errors import ProductionError

texts = st.text(st.characters(), max_size=300) | st.sampled_from(
    [
        *("", " ", "\n", "a ", " a", "a\tb", "a\nb", "\u00a0", "a\u00a0", "\x85", "\u2028"),
        *("\ufeff", "\U0010fffe", "\ud800", "\ue000", "a" * 255, "a" * 256, "&" * 800, "&" * 801),
    ]
)
addresses = st.text(st.characters(), max_size=20) | st.sampled_from(
    ("", "https://x.example/a.mp3", "https://x.example/a b", "https://x.example/ñ", "file:///a")
)


def refuses(check: Callable[..., None], *given_values: object, **more: str) -> bool:
    try:
        check(*given_values, **more)
    except ProductionError:
        return True
    return False


@given(texts)
def test_a_line_that_passes_quickly_is_refused_by_no_closer_look(text: str) -> None:
    if is_plain_line(text):
        assert not refuses(check_value, text, where="here")


@given(texts)
@example("&" * (MAX_DESCRIPTION_BYTES // 5))
def test_a_text_that_passes_quickly_is_refused_by_no_closer_look(text: str) -> None:
    if is_short_text(text):
        assert not refuses(check_description, text, where="here")


def test_usual_lines_and_texts_pass_quickly() -> None:
    assert is_plain_line("Qué llevar & cómo – أسئلة 12")
    assert is_short_text("Qué llevar.\n\nVálido hasta el 31 de diciembre. ጤና")


def test_of_all_letters_exactly_those_are_illegal_that_no_xml_holds() -> None:
    # https://www.w3.org/TR/xml/#charsets, less U+000D and the controls that it discourages
    illegal = {*range(9), *range(0xB, 0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)}
    illegal |= {0xFFFE, 0xFFFF}
    for code in range(sys.maxunicode + 1):
        assert bool(illegal_character(chr(code))) == (code in illegal), hex(code)


def changed(item: FeedItem, name: str, value: object) -> FeedItem:
    """Change one field of an item, or of the first of its files."""
    group, _, inner = name.partition(".")
    if not inner:
        return replace(item, **{group: value})  # type: ignore[arg-type]
    held: Any = getattr(item, group)
    if isinstance(held, tuple):
        value = (replace(held[0], **{inner: value}), *held[1:])
    else:
        value = replace(held, **{inner: value})
    return replace(item, **{group: value})  # type: ignore[arg-type]


TEXTS = (
    *("guid", "title", "description", "licence", "series", "episode", "reason", "replaces"),
    *("enclosure.media_type", "alternates.media_type", "alternates.title"),
    "transcripts.media_type",
)
ADDRESSES = (
    *("link", "chapters_url", "words_url", "image_url", "instead_url"),
    *("enclosure.url", "alternates.url", "transcripts.url"),
)
NUMBERS = ("number", "enclosure.length_bytes", "alternates.length_bytes")
LISTS = ("topics", "countries")
changes = st.one_of(
    st.tuples(st.sampled_from(TEXTS), texts),
    st.tuples(st.sampled_from(ADDRESSES), addresses),
    st.tuples(st.sampled_from(NUMBERS), st.integers(-1, 2)),
    st.tuples(st.sampled_from(LISTS), st.lists(texts, max_size=2).map(tuple)),
)


@given(changes)
def test_an_item_is_refused_exactly_where_one_of_its_fields_is(
    channel: FeedChannel, change: tuple[str, object]
) -> None:
    item = changed(channel.items[0], *change)
    assert refuses(check_item, item, channel) == refuses(check_each_field, item, channel)


def test_a_usual_item_is_not_looked_at_field_by_field(channel: FeedChannel) -> None:
    assert all(is_plainly_right(item, channel.guid_mark) for item in channel.items)


@pytest.mark.parametrize("name", [*TEXTS, *ADDRESSES])
def test_no_field_escapes_the_quick_look(channel: FeedChannel, name: str) -> None:
    wrong = changed(channel.items[0], name, "a\x07b c")
    assert not is_plainly_right(wrong, channel.guid_mark)
    assert refuses(check_item, wrong, channel)


def test_every_field_of_an_item_is_judged_here_or_needs_no_judging() -> None:
    judged = {name.partition(".")[0] for name in (*TEXTS, *ADDRESSES, *NUMBERS, *LISTS)}
    # Dates, flags and kinds are right by their types; pages judge sources and chapters.
    free = {"published_at", "duration_ms", "synthetic_voice", "expires", "state", "season"}
    free |= {"sources", "chapters", "changed_at", "is_expired", "language"}
    assert {one.name for one in fields(FeedItem)} == judged | free
