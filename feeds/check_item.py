"""One item of a feed: this is where the time of a check goes.

Items of a feed are made alike. What follows from the names of an item's elements alone (which
are missing, which stand there twice, which nobody knows, and what judges each) is found once for
each row of names, and kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from feeds.check_addresses import Addresses
from feeds.check_alternates import check_alternate, check_default, check_soundbite
from feeds.check_dates import read_date
from feeds.check_document import CONTENT
from feeds.check_elements import check_counts, check_simple, item_table
from feeds.check_enclosure import check_duration, check_enclosure
from feeds.check_faults import Element, Faults, quoted
from feeds.check_image import check_image
from feeds.check_languages import check_language
from feeds.check_podcast import (
    PodcastTag,
    check_place,
    check_podcast_tag,
    check_unknown,
    podcast_tags,
)
from feeds.check_text import check_html, check_title, check_value, name_of
from feeds.podcast_namespace import DCTERMS, ITUNES, PODCAST

_PODCAST_HEAD = f"{{{PODCAST}}}"
_DURATION = f"{{{ITUNES}}}duration"
_MOST_SHAPES = 200
_MOST_GOOD = 1000


@dataclass(slots=True)
class ItemLook:
    """What is known of an item once it was looked through, for what shows beside others."""

    element: Element
    guid: str = ""
    title: str = ""
    moment: datetime | None = None
    """In UTC."""
    duration_s: int = 0
    """0 where the feed does not say."""
    enclosure: Element = None
    files: list[tuple[str, Element]] = field(default_factory=list)
    """Addresses of its sound, with the elements that name them."""
    valid_until: date | None = None
    late: list[Element] = field(default_factory=list)
    """Elements that are judged by what others say."""


Judge = Callable[[Element, ItemLook, "ItemSetting", Faults], None]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What follows from the names of an item's elements."""

    judges: tuple[Judge | PodcastTag, ...]
    """One for each element; a tag of the podcast namespace where nothing else hangs on it."""
    places: tuple[tuple[int, Callable[[Element, Faults], None]], ...]
    """Elements that stand there twice, or where they should not."""
    missing: tuple[tuple[str, str], ...]
    """Rules and words."""


@dataclass(slots=True, kw_only=True)
class ItemSetting:
    """What the items of one feed are held against, and the shapes that were met."""

    now: datetime
    """Aware, in UTC."""
    addresses: Addresses
    shapes: dict[tuple[str, ...], _Shape] = field(default_factory=dict)
    good: set[tuple[str, str | None]] = field(default_factory=set)
    """Names and texts of plain elements that were found good."""


def check_item(item: Element, setting: ItemSetting, faults: Faults) -> ItemLook:
    """Judge one item; gives what others are judged beside."""
    look = ItemLook(item)
    children = item[:]
    names = tuple([child.tag for child in children])
    shape = setting.shapes.get(names)
    if shape is None:
        shape = _shape(names)
        if len(setting.shapes) < _MOST_SHAPES:
            setting.shapes[names] = shape
    addresses = setting.addresses
    for child, judge in zip(children, shape.judges, strict=True):
        if isinstance(judge, PodcastTag):
            check_podcast_tag(child, judge, faults, addresses)
        else:
            judge(child, look, setting, faults)
    for number, place in shape.places:
        place(children[number], faults)
    for rule, said in shape.missing:
        faults.append((rule, item, said))
    if look.late:
        _judge_late(look, faults)
    return look


def _judge_late(look: ItemLook, faults: Faults) -> None:
    for child in look.late:
        if child.tag == _SOUNDBITE:
            check_soundbite(child, look.duration_s, faults)
        else:
            check_default(child, look.enclosure, look.files, faults)


# --- What judges one element --------------------------------------------------------------


def _title(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    text = child.text or ""
    look.title = text
    _short_title(child, look, setting, faults)
    if not text.strip():
        _empty(child, faults)


def _short_title(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    del look, setting
    text = child.text
    if text:
        check_value(child, text, faults)
        if "<" in text or "&" in text:
            check_title(child, text, faults)


def _description(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    del look, setting
    text = child.text
    if text and not text.isspace():
        check_html(child, text, faults, bounded=True)
    else:
        _empty(child, faults)


def _summary(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    del look, setting
    if child.text:
        check_html(child, child.text, faults, bounded=True)


def _encoded(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    del look, setting
    if child.text:
        check_html(child, child.text, faults, bounded=False)


def _guid(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    del setting
    text = child.text
    if not text or text.isspace():
        _empty(child, faults)
        return
    check_value(child, text, faults)
    look.guid = text
    link = child.get("isPermaLink")
    if link == "false":
        return
    if link not in {None, "true"}:
        said = f"isPermaLink is {quoted(link)}, neither true nor false"
        faults.append(("feed-item.guid-link", child, said))
    elif not text.strip().startswith(("http://", "https://")):
        said = f"the guid {quoted(text)} passes for an address"
        faults.append(("feed-item.guid-link", child, said))


def _link(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    del look
    text = (child.text or "").strip()
    if text:
        setting.addresses.page(child, text, faults)
    else:
        _empty(child, faults)


def _pub_date(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    text = child.text
    if not text or text.isspace():
        _empty(child, faults)
        return
    look.moment, rule, said = read_date(text)
    if rule:
        faults.append((rule, child, f"pubDate: {said}"))
    elif look.moment is not None and look.moment > setting.now:
        faults.append(("feed-date.future", child, f"pubDate {text} lies in the future"))


def _enclosure(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    if look.enclosure is not None:
        faults.append(("feed-enclosure.several", child, "the item has several enclosures"))
    else:
        look.enclosure = child
    check_enclosure(child, faults, setting.addresses)
    look.files.append((child.get("url", ""), child))


def _duration(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    del setting
    text = child.text
    if not text or text.isspace():
        _empty(child, faults)
    else:
        look.duration_s = check_duration(child, text.strip(), faults)


def _image(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    del look
    check_image(child, faults, setting.addresses)


def _valid(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    del setting, faults
    look.valid_until = _last_day(child.text or "")


@lru_cache(maxsize=1000)
def _last_day(text: str) -> date | None:
    """Give the end of a DCMI period; None for none."""
    for part in text.split(";"):
        key, _, value = part.strip().partition("=")
        if key == "end":
            try:
                return date.fromisoformat(value.strip()[:10])
            except ValueError:
                return None
    return None


def _language(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    """Judge ``dc:language``, which validators hold to the list of the channel's."""
    del look
    said = (child.tag, child.text)
    if said not in setting.good:
        before = len(faults)
        check_language(child, (child.text or "").strip(), faults)
        if len(faults) == before:
            setting.good.add(said)


def _other(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    del look
    said = (child.tag, child.text)
    if said in setting.good:
        return
    before, text = len(faults), child.text
    if text:
        check_value(child, text, faults)
    check_simple(child, child.tag, (text or "").strip(), item_table(), faults)
    if len(faults) == before and len(setting.good) < _MOST_GOOD:
        setting.good.add(said)


def _stranger(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    """Leave an element of another namespace alone."""
    del child, look, setting, faults


def _alternate(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    tag = podcast_tags()[_ALTERNATE]
    for uri in check_alternate(child, tag, faults, setting.addresses):
        look.files.append((uri, child))
    if child.get("default") == "true":
        look.late.append(child)


def _soundbite(child: Element, look: ItemLook, setting: ItemSetting, faults: Faults) -> None:
    check_podcast_tag(child, podcast_tags()[_SOUNDBITE], faults, setting.addresses)
    look.late.append(child)


def _empty(child: Element, faults: Faults) -> None:
    faults.append(("feed-element.empty", child, f"{name_of(child)} is empty"))


_ALTERNATE = f"{_PODCAST_HEAD}alternateEnclosure"
_SOUNDBITE = f"{_PODCAST_HEAD}soundbite"
_TRANSCRIPT = f"{_PODCAST_HEAD}transcript"
_JUDGES: dict[str, Judge] = {
    "title": _title,
    "description": _description,
    "guid": _guid,
    "link": _link,
    "pubDate": _pub_date,
    "enclosure": _enclosure,
    _DURATION: _duration,
    f"{{{ITUNES}}}title": _short_title,
    f"{{{ITUNES}}}subtitle": _short_title,
    f"{{{ITUNES}}}summary": _summary,
    f"{{{ITUNES}}}image": _image,
    f"{{{CONTENT}}}encoded": _encoded,
    f"{{{DCTERMS}}}valid": _valid,
    "{http://purl.org/dc/elements/1.1/}language": _language,
    _ALTERNATE: _alternate,
    _SOUNDBITE: _soundbite,
}


# --- What follows from names --------------------------------------------------------------


def _shape(names: tuple[str, ...]) -> _Shape:
    podcast, table = podcast_tags(), item_table()
    judges: list[Judge | PodcastTag] = []
    places: list[tuple[int, Callable[[Element, Faults], None]]] = []
    met: set[str] = set()
    for number, name in enumerate(names):
        tag = podcast.get(name)
        if tag is not None:
            judges.append(_JUDGES.get(name) or tag)
            if "item" not in tag.parents or tag.old or (tag.once and name in met):
                places.append((number, _misplaced(tag, again=tag.once and name in met)))
        elif name.startswith(_PODCAST_HEAD):
            judges.append(_stranger)
            places.append((number, check_unknown))
        else:
            known = name in table.known or not name.startswith("{") or ITUNES in name
            judges.append(_JUDGES.get(name) or (_other if known else _stranger))
            if name in met and name != "enclosure":
                places.append((number, _twice))
        met.add(name)
    return _Shape(tuple(judges), tuple(places), _missing(met))


def _missing(met: set[str]) -> tuple[tuple[str, str], ...]:
    missing = [
        (rule, f"{label} is missing")
        for name, label, rule in item_table().wanted
        if name not in met
    ]
    if "enclosure" not in met:
        missing.append(("feed-enclosure.missing", "the item has no enclosure"))
        return tuple(missing)
    if _DURATION not in met:
        missing.append(("feed-element.recommended", "itunes:duration is missing"))
    if _TRANSCRIPT not in met:
        missing.append(("feed-transcript.missing", "the item has no transcript"))
    return tuple(missing)


def _misplaced(tag: PodcastTag, *, again: bool) -> Callable[[Element, Faults], None]:
    def place(child: Element, faults: Faults) -> None:
        check_place(child, tag, "item", faults)
        if again:
            said = f"podcast:{tag.name} stands in the item twice"
            faults.append(("feed-element.twice", child, said))

    return place


def _twice(child: Element, faults: Faults) -> None:
    check_counts(child, child.tag, item_table(), "item", faults)
