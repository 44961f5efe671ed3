"""Tags of the podcast namespace: place, number, attributes, values. Data in podcast_tags.toml."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from feeds.check_addresses import Addresses
from feeds.check_dates import read_date
from feeds.check_faults import Element, Faults, quoted
from feeds.check_values import KINDS, LENGTHS
from feeds.podcast_namespace import PODCAST
from programme.tables import package_file, read_toml

_HEAD = f"{{{PODCAST}}}"
_MOST_GOOD = 1000
"""Values of a tag that are remembered as good; in most feeds each stands in every item."""

Judge = Callable[[Element, str, str, Faults, Addresses], None]
"""Judges a value: element, its name, the value, where faults go, what judges addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PodcastTag:
    """What one tag may be."""

    name: str
    parents: frozenset[str]
    once: bool
    old: bool
    """Whether the namespace has taken it back."""
    empty: bool
    """Whether a text that it could hold may be missing."""
    holds: bool
    """Whether other tags stand in it."""
    text: Judge | None
    need: tuple[str, ...]
    attributes: Mapping[str, Judge]
    good: set[tuple[str, str]]
    """Attributes and values that were found good; texts under an empty name."""


@cache
def podcast_tags() -> Mapping[str, PodcastTag]:
    """Give every tag by its name in lxml's notation."""
    rows = read_toml(package_file("feeds", "podcast_tags.toml"))
    holding = {parent for row in rows.values() for parent in row["in"]}
    return {f"{_HEAD}{name}": _tag(name, row, holding) for name, row in rows.items()}


def check_podcast_tag(
    element: Element, tag: PodcastTag, faults: Faults, addresses: Addresses
) -> Sequence[Element]:
    """Judge one tag by itself and what it holds, which is given; where it stands, others judge."""
    good, judges, needed, need = tag.good, tag.attributes, 0, tag.need
    for pair in element.items():
        name = pair[0]
        if name in need:
            needed += 1
        if pair not in good:
            judges.get(name, _unknown)(element, name, pair[1], faults, addresses)
    if needed < len(need):
        _lacking(element, tag, faults)
    if tag.text is not None and ("", element.text) not in good:
        _check_text(element, tag, (element.text or "").strip(), faults, addresses)
    if not tag.holds:
        return ()
    children: Sequence[Element] = element[:]
    for child in children:
        check_inner(child, tag, faults, addresses)
    return children


def _lacking(element: Element, tag: PodcastTag, faults: Faults) -> None:
    for name in tag.need:
        if element.get(name) is None:
            said = f"podcast:{tag.name} has no {name}"
            faults.append(("feed-podcast.attribute", element, said))


def check_inner(child: Element, tag: PodcastTag, faults: Faults, addresses: Addresses) -> None:
    """Judge an element within one of these tags."""
    inner = podcast_tags().get(child.tag)
    if inner is not None:
        if tag.name not in inner.parents or inner.old:
            check_place(child, inner, tag.name, faults)
        check_podcast_tag(child, inner, faults, addresses)
    elif child.tag.startswith(_HEAD):
        check_unknown(child, faults)


def check_place(element: Element, tag: PodcastTag, parent: str, faults: Faults) -> None:
    """Judge whether a tag may stand where it stands."""
    if parent not in tag.parents:
        said = f"podcast:{tag.name} does not stand in {parent}"
        faults.append(("feed-podcast.place", element, said))
    if tag.old:
        faults.append(("feed-podcast.old", element, f"podcast:{tag.name} was taken back"))


def check_unknown(element: Element, faults: Faults) -> None:
    """Name a tag that the namespace does not have."""
    name = str(element.tag).rpartition("}")[2]
    faults.append(("feed-podcast.unknown", element, f"there is no podcast:{quoted(name)[1:-1]}"))


def _check_text(
    element: Element, tag: PodcastTag, text: str, faults: Faults, addresses: Addresses
) -> None:
    if text and tag.text is not None:
        tag.text(element, "", text, faults, addresses)
    elif not tag.empty:
        faults.append(("feed-element.empty", element, f"podcast:{tag.name} holds nothing"))


# --- What judges a value ------------------------------------------------------------------


def _empty(element: Element, name: str, faults: Faults) -> None:
    faults.append(("feed-podcast.attribute", element, f"{_what(element, name)} is empty"))


def _anything(
    element: Element, name: str, value: str, faults: Faults, addresses: Addresses
) -> None:
    del element, name, value, faults, addresses


def _unknown(element: Element, name: str, value: str, faults: Faults, addresses: Addresses) -> None:
    del value, addresses
    if not name.startswith("{"):
        said = f"podcast:{_name(element)} has no attribute {quoted(name)}"
        faults.append(("feed-podcast.unknown", element, said))


def _file(element: Element, name: str, value: str, faults: Faults, addresses: Addresses) -> None:
    if value:
        addresses.file(element, value, faults)
    else:
        _empty(element, name, faults)


def _sound(element: Element, name: str, value: str, faults: Faults, addresses: Addresses) -> None:
    if value:
        addresses.sound(element, value, faults)
    else:
        _empty(element, name, faults)


def _uri(element: Element, name: str, value: str, faults: Faults, addresses: Addresses) -> None:
    # A source may be of another world, such as ipfs:.
    if value.startswith("https://") or value.partition(":")[0] in {"http", "https", value}:
        _sound(element, name, value, faults, addresses)


def _page(element: Element, name: str, value: str, faults: Faults, addresses: Addresses) -> None:
    if value:
        addresses.page(element, value, faults)
    else:
        _empty(element, name, faults)


def _date(element: Element, name: str, value: str, faults: Faults, addresses: Addresses) -> None:
    del addresses
    _, rule, said = read_date(value)
    if rule:
        faults.append((rule, element, f"{_what(element, name)}: {said}"))


Good = set[tuple[str, str]]


def _listed(values: list[str], good: Good) -> Judge:
    allowed = frozenset(values)

    def judge(
        element: Element, name: str, value: str, faults: Faults, addresses: Addresses
    ) -> None:
        del addresses
        if value in allowed:
            good.add((name, value))
        else:
            said = f"{_what(element, name)} is {quoted(value)}, not one of {', '.join(values)}"
            faults.append(("feed-podcast.value", element, said))

    return judge


def _short(most: int, good: Good) -> Judge:
    def judge(
        element: Element, name: str, value: str, faults: Faults, addresses: Addresses
    ) -> None:
        del addresses
        if len(value) > most:
            said = f"{_what(element, name)} has {len(value)} characters, more than {most}"
            faults.append(("feed-podcast.length", element, said))
        elif len(good) < _MOST_GOOD:
            good.add((name, value))

    return judge


def _kind(kind: str, good: Good) -> Judge:
    test, words = KINDS[kind]
    lasting = kind not in {"count", "sri"}

    def judge(
        element: Element, name: str, value: str, faults: Faults, addresses: Addresses
    ) -> None:
        del addresses
        if not test(value):
            said = f"{_what(element, name)} {quoted(value)} is {words}"
            faults.append(("feed-podcast.value", element, said))
        elif lasting and len(good) < _MOST_GOOD:
            good.add((name, value))

    return judge


_hash = _kind("sri", set())


def _sri(element: Element, name: str, value: str, faults: Faults, addresses: Addresses) -> None:
    if element.get("type") == "sri":
        _hash(element, name, value, faults, addresses)


_ADDRESSES: Mapping[str, Judge] = {
    "file": _file, "feed": _file, "sound": _sound, "uri": _uri, "page": _page, "date": _date,
    "sri": _sri,
}  # fmt: skip


def _judge_of(kind: str | list[str], good: Good) -> Judge:
    if isinstance(kind, list):
        return _listed(kind, good)
    if kind == "any":
        return _anything
    if kind in LENGTHS:
        return _short(LENGTHS[kind], good)
    return _ADDRESSES.get(kind) or _kind(kind, good)


def _tag(name: str, row: Mapping[str, Any], holding: set[str]) -> PodcastTag:
    good: Good = set()
    return PodcastTag(
        name=name,
        parents=frozenset(row["in"]),
        once=bool(row.get("once")),
        old=bool(row.get("old")),
        empty=bool(row.get("free")),
        holds=name in holding,
        text=_judge_of(row["text"], good) if "text" in row else None,
        need=tuple(row.get("need", ())),
        attributes={key: _judge_of(kind, good) for key, kind in row.get("attrs", {}).items()},
        good=good,
    )


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _what(element: Element, name: str) -> str:
    return f"podcast:{_name(element)}{' ' + name if name else ''}"
