"""The languages that Altavoz knows: names, script, direction, and codes for tags and feeds.

Data in languages.toml. A regional or script form that is not listed (es-GT, uz-Cyrl)
takes what its language has. Tags follow BCP 47 (RFC 5646 section 2.1); extensions and
private use are not taken, because tags become file names and feed addresses.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from programme.tables import package_file, read_toml
from programme.units import LanguageTag

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    # A feed's page is called -p0001: no variant may be, and none is registered.
    r"(?P<variants>(?:-(?!p[0-9]+(?:-|\Z))(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)\Z",
    re.IGNORECASE | re.ASCII,
)

SPACELESS = frozenset({"bo", "cmn", "dz", "ja", "km", "lo", "my", "th", "wuu", "yue", "zh"})
"""Languages written without spaces between words: what stands between spaces is no word."""

_RTL_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language, or a regional or script form of one."""

    tag: LanguageTag
    endonym: str
    """Its own name, as its speakers write it."""
    english: str
    spanish: str
    script: str
    """ISO 15924, such as Latn or Arab."""
    rtl: bool
    """Whether its script runs from right to left."""
    iso639_2: str
    """Three letters for audio tags: ISO 639-2/T where there is one, else ISO 639-3."""
    feed_tag: str
    """What a feed's ``<language>`` may carry: the nearest form that feed validators know, or
    the tag itself where they know none."""
    note: str = ""
    """Why this tag may be the wrong one (a group, or a look-alike); empty for most."""

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``, as HTML writes it."""
        return "rtl" if self.rtl else "ltr"


def canonical(tag: str) -> LanguageTag | None:
    """Give a tag in the usual case, such as ``es-419``, ``uz-Cyrl``, ``fa-AF``.

    Says nothing of whether the language exists: see ``is_known``. None for what is no tag
    of the form language, script, region, variants.
    """
    match = _TAG.match(tag)
    if match is None:
        return None
    parts = [match["language"].lower()]
    if match["script"]:
        parts.append(match["script"].title())
    if match["region"]:
        parts.append(match["region"].upper())
    return LanguageTag("-".join(parts) + match["variants"].lower())


def is_known(tag: str) -> bool:
    """Tell whether a tag, in the usual case, is of a language listed in languages.toml."""
    return canonical(tag) == tag and tag.partition("-")[0] in _rows()


@cache
def language(tag: str) -> Language:
    """Give what is known of a tag in the usual case.

    Raises:
        KeyError: the tag is not in the usual case, or its language is not listed.
    """
    match = _TAG.match(tag)
    if match is None or canonical(tag) != tag:
        raise KeyError(tag)
    row, base = _rows().get(tag, {}), _rows()[match["language"]]
    script = str(match["script"] or row.get("script") or base.get("script", "Latn"))
    base_feed = str(base.get("feed", match["language"]))
    return Language(
        tag=LanguageTag(tag),
        endonym=row.get("own") or _name(base["own"], match, match["language"]),
        english=row.get("en") or _name(base["en"], match, "en"),
        spanish=row.get("es") or _name(base["es"], match, "es"),
        script=script,
        rtl=script in _RTL_SCRIPTS,
        iso639_2=str(base.get("iso", match["language"])),
        feed_tag=tag if base_feed == match["language"] else base_feed,
        note=str(base.get("note", "")),
    )


def known_tags() -> tuple[str, ...]:
    """Give every listed tag, for "did you mean"."""
    return tuple(_rows())


def _name(name: str, match: re.Match[str], reader: str) -> str:
    """Add script and region to a name, in the words of the reader's language where known."""
    details = [match["script"]] if match["script"] else []
    if match["region"]:
        region = match["region"]
        details.append(_regions().get(region, {}).get(reader, region))
    details += [variant for variant in match["variants"].split("-") if variant]
    return f"{name} ({', '.join(details)})" if details else name


@cache
def _tables() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    rows = read_toml(package_file("programme", "languages.toml"))
    regions = rows.pop("regions")
    return MappingProxyType(rows), MappingProxyType(regions)


def _rows() -> Mapping[str, Any]:
    return _tables()[0]


def _regions() -> Mapping[str, Any]:
    return _tables()[1]
