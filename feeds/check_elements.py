"""Elements of RSS 2.0 and of Apple's namespace: which are there, how often, with what values.

Data in elements.toml; names there are written with the usual prefixes.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from feeds.check_faults import Element, Faults, quoted
from feeds.check_text import name_of
from feeds.podcast_namespace import ITUNES, PODCAST
from programme.tables import package_file, read_toml

_PREFIXES = {"itunes": ITUNES, "podcast": PODCAST}
_ITUNES_HEAD = f"{{{ITUNES}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementTable:
    """What may and must stand in one kind of element. Names are in lxml's notation."""

    wanted: tuple[tuple[str, str, str], ...]
    """Name, name as the feed writes it, and the rule that its absence breaks."""
    many: frozenset[str]
    known: frozenset[str]
    values: dict[str, tuple[str, ...]]
    numbers: dict[str, int]


@cache
def item_table() -> ElementTable:
    """Give what stands in an item."""
    return _table("item", optional=False)


@cache
def channel_table(*, of_feeds: bool) -> ElementTable:
    """Give what stands in a channel; ``of_feeds`` where it lists feeds and has no sound."""
    return _table("channel", optional=of_feeds)


def check_counts(
    element: Element, tag: str, table: ElementTable, parent: str, faults: Faults
) -> None:
    """Judge an element that is not the first of its name."""
    known = tag in table.known or not tag.startswith("{")
    if tag not in table.many and known:
        said = f"{name_of(element)} stands in the {parent} twice"
        faults.append(("feed-element.twice", element, said))


def check_simple(
    element: Element, tag: str, text: str, table: ElementTable, faults: Faults
) -> None:
    """Judge an element that says one of a few things, or that nobody knows."""
    allowed = table.values.get(tag)
    if allowed is not None:
        if text not in allowed and text:
            said = f"{name_of(element)} is {quoted(text)}, not {' or '.join(allowed)}"
            faults.append(("feed-element.value", element, said))
        return
    least = table.numbers.get(tag)
    if least is not None:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
            said = f"{name_of(element)} {quoted(text)} is no whole number from {least}"
            faults.append(("feed-element.value", element, said))
    elif tag not in table.known and (not tag.startswith("{") or tag.startswith(_ITUNES_HEAD)):
        said = f"{name_of(element)} is no element that stands here"
        faults.append(("feed-element.unknown", element, said))


@cache
def withdrawn_titles() -> tuple[str, ...]:
    """Give what titles of withdrawn items begin with."""
    return tuple(f"{word} – " for word in _data()["withdrawn"]["words"])


@cache
def _data() -> dict[str, Any]:
    return read_toml(package_file("feeds", "elements.toml"))


def _table(part: str, *, optional: bool) -> ElementTable:
    data = _data()
    row = data[part]
    free = set(data["list"]["optional"]) if optional else set()
    required = [name for name in row["required"] if name not in free]
    wanted = [(name, "feed-element.missing") for name in required]
    wanted += [(name, "feed-element.recommended") for name in [*row["recommended"], *sorted(free)]]
    names = [*row["required"], *row["recommended"], *row["known"]]
    attributes_only = {"itunes:category", "itunes:owner"}
    return ElementTable(
        wanted=tuple(
            (_clark(name), name, rule) for name, rule in wanted if name not in attributes_only
        ),
        many=frozenset(map(_clark, row["many"])),
        known=frozenset(map(_clark, names)),
        values={_clark(name): tuple(values) for name, values in data["values"].items()},
        numbers={_clark(name): least for name, least in data["numbers"].items()},
    )


def _clark(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{_PREFIXES[prefix]}}}{local}" if colon else name
