"""What a language tag means, also one that Altavoz has no voice, number words or own name for.

The only module that imports pycountry, which carries the code tables of ISO 639-2, 639-3 and
639-5. A valid tag can be the wrong one: mxe is a language of Vanuatu, not Mixe. So wherever
somebody gives a tag, its name is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from programme.languages import Language, canonical, is_known, language
from programme.network import Network
from programme.units import LanguageTag

_GROUP_NOTES = ("a group", "a family", "a collection")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagDescription:
    """What a tag names."""

    tag: LanguageTag
    english: str
    """Its English name; empty where ISO 639 has no such language."""
    own: str
    """Its own name; empty where Altavoz does not know it."""
    spanish: str
    """Its Spanish name; empty where Altavoz does not know it."""
    script: str
    """ISO 15924; empty where Altavoz does not know it."""
    listed: bool
    """Whether a workspace can use it: programme/languages.toml has it."""
    group: bool
    """Whether it names several languages, of which people speak one."""
    note: str
    """What to look at before it is used; empty for most."""

    @property
    def exists(self) -> bool:
        """Whether there is such a language at all."""
        return bool(self.english)

    @property
    def line(self) -> str:
        """Give it in one line: ``ht: Haitian Creole (kreyòl ayisyen)``."""
        if not self.exists:
            return f"{self.tag}: no language of ISO 639"
        same = self.own.casefold() in {"", self.english.casefold()}
        name = self.english if same else f"{self.english} ({self.own})"
        return f"{self.tag}: {name}" + (f"; {self.note}" if self.note else "")


def describe_tag(tag: str) -> TagDescription | None:
    """Tell what a tag names; None for what is no tag at all.

    Any language of ISO 639-3, group of ISO 639-2 or family of ISO 639-5 is found, by its code of
    two or three letters; script and region are kept where Altavoz lists the language.
    """
    usual = canonical(tag)
    if usual is None:
        return None
    if is_known(usual):
        return _listed(language(usual))
    row = _iso_row(usual.partition("-")[0])
    note = "" if row is None else _note(usual, row)
    return TagDescription(
        tag=usual,
        english="" if row is None else row.name,
        own="",
        spanish="",
        script="",
        listed=False,
        group=row is not None and row.scope in {"M", "family"},
        note=note,
    )


def name_line(network: Network) -> list[str]:
    """Give the names of a network's languages, one line each, in its own order."""
    return name_lines(network.languages)


def name_lines(tags: Iterable[str]) -> list[str]:
    """Give the names of tags, one line each; what is no tag is named as such."""
    described = ((tag, describe_tag(tag)) for tag in tags)
    return [found.line if found else f"{tag}: no language tag" for tag, found in described]


@dataclass(frozen=True, slots=True, kw_only=True)
class _IsoRow:
    """A row of the code tables."""

    name: str
    scope: str
    """I individual, M macrolanguage, S special, or family."""
    kind: str
    """L living, E extinct, A ancient, H historical, C constructed, S special; none for families."""
    code: str
    """The two letters that stand for it where it has some (BCP 47 takes these), else three."""


class _Record(Protocol):
    """What pycountry gives: a record without declared fields."""

    name: str
    alpha_3: str


def _listed(known: Language) -> TagDescription:
    return TagDescription(
        tag=known.tag,
        english=known.english,
        own=known.endonym,
        spanish=known.spanish,
        script=known.script,
        listed=True,
        group=known.note.startswith(_GROUP_NOTES),
        note=known.note,
    )


def _note(tag: LanguageTag, row: _IsoRow) -> str:
    base, _, rest = tag.partition("-")
    if row.code != base:
        return f"its tag is {row.code}{'-' if rest else ''}{rest}"
    if row.scope in {"M", "family"}:
        return "a group of languages; name the one that people speak"
    if row.scope == "S" or row.kind == "S":
        return "a code for special use, no language"
    past = {"E": "extinct", "A": "ancient", "H": "historical", "C": "constructed"}
    return (
        f"an {past[row.kind]} language"
        if row.kind in {"E", "A"}
        else (f"a {past[row.kind]} language" if row.kind in past else "")
    )


def _iso_row(base: str) -> _IsoRow | None:
    """Look a code up; the tables take a moment to load, and only unlisted tags need them."""
    from pycountry import language_families, languages

    by_length = languages.get(alpha_2=base) if len(base) == 2 else languages.get(alpha_3=base)
    found: _Record | None = by_length
    if found is None and len(base) == 3:
        found = languages.get(bibliographic=base)
    if found is not None:
        return _IsoRow(
            name=found.name,
            scope=str(getattr(found, "scope", "I")),
            kind=str(getattr(found, "type", "L")),
            code=str(getattr(found, "alpha_2", found.alpha_3)),
        )
    family: _Record | None = language_families.get(alpha_3=base) if len(base) == 3 else None
    if family is None:
        return None
    return _IsoRow(name=family.name, scope="family", kind="", code=family.alpha_3)
