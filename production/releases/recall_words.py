"""What a station is told of messages that it must delete; data in recall_words.toml."""

from collections.abc import Mapping, Sequence
from functools import cache

from production.packs.recall import Held
from programme.tables import package_file, read_toml
from programme.units import LanguageTag

FILE = "recall_words.toml"


def recall_texts(
    languages: Sequence[LanguageTag],
    packs: Sequence[tuple[str, int, Sequence[Held]]],
    reasons: Mapping[LanguageTag, str],
    *,
    contact: str,
) -> dict[LanguageTag, str]:
    """Give the text in each language of a station that has words for it, else in English.

    Args:
        languages: of the station, in its order.
        packs: name, serial and what is to be deleted of each; empty where nobody noted which of
            its files it is.
        reasons: why, by language, as the operator says.
        contact: whom to tell.
    """
    known = [tag for tag in languages if tag.partition("-")[0] in _tables()]
    return {tag: _text(tag, packs, reasons, contact) for tag in known or [LanguageTag("en")]}


def _text(
    tag: LanguageTag,
    packs: Sequence[tuple[str, int, Sequence[Held]]],
    reasons: Mapping[LanguageTag, str],
    contact: str,
) -> str:
    say = _tables()[tag.partition("-")[0]]
    lines = [say["opens"]]
    for pack, serial, items in packs:
        lines += ["", say["pack"].format(pack=pack, serial=serial)]
        if not items:
            lines.append(say["unknown"])
        for one in items:
            lines.append(say["item"].format(title=f"{one.title} ({one.edition[2]})"))
            if one.path:
                lines.append(say["file"].format(file=one.path))
    if reasons.get(tag):
        lines += ["", say["reason"].format(reason=reasons[tag])]
    return "\n".join([*lines, "", say["share"], say["confirm"].format(contact=contact)])


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return read_toml(package_file("production.releases", FILE))
