"""Names inside a pack: ASCII, safe on FAT, unique ignoring case, and sorted as played.

Cheap players show A-Z, 0-9 and ``_``, take at most 99 folders of 99 tracks, nothing deeper,
and cut names at 30 characters; LibreTime cuts a stem at 48 and AzuraCast finds a file by its
base name alone (field.md, sections 2, 4 and 5). So a loudspeaker gets ``01_ES/001_topic.mp3``
and a radio ``01_ES/series_es-419_001.mp3``, whose stem is unique over all languages.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from programme.digests import digest_text
from programme.identifiers import is_id
from programme.units import LanguageTag

MAX_FOLDERS = 98
"""Language folders in one pack: players take 99 folders, and one is INFO_FOLDER."""

MAX_TRACKS = 99
"""Files in one folder."""

MAX_NAME = 30
"""Characters of a folder or of a track on a loudspeaker's carrier, suffix included."""

MAX_STEM = 48
"""Characters of a radio track's name, suffix not included."""

INFO_FOLDER = "data"
"""Where everything lies that a player must not stumble over; sorts last. The payload of the bag."""

_SAFE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,62}[A-Za-z0-9_-]|[A-Za-z0-9_-]", re.ASCII)

_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, with any suffix."""

LOOP_FOLDER = "01_LOOP"
"""Where loops of several languages lie; the languages' own folders come after it."""

_LETTERS = str.maketrans(
    {
        "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o",
        "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ł": "l", "Ł": "l",
        "ħ": "h", "Ħ": "h", "ı": "i", "ŋ": "n", "Ŋ": "n", "ɓ": "b", "Ɓ": "b",
        # Letters that only mark a stop, as in K'iche' and Hawaiian.
        "ʼ": " ", "ʻ": " ", "ꞌ": " ", "Ꞌ": " ", "ʔ": " ",
    }
)  # fmt: skip
"""Latin letters that do not decompose into a letter and a mark."""

_OTHER = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)
def slug(title: str, fallback: str, *, longest: int) -> str:
    """Turn a title into ``[a-z0-9-]``, at most ``longest`` characters, cut between words.

    A title in another script, or in none, gives the fallback (an id) instead: half a title is
    worse than none.

    Raises:
        ValueError: the fallback is no id.
    """
    if not is_id(fallback):
        raise ValueError(f"{fallback!r} is no id")
    words = _latin(title) or _OTHER.sub("-", fallback).strip("-")
    return _cut(words, longest)


def folder_names(languages: Sequence[LanguageTag], *, first: int = 1) -> dict[LanguageTag, str]:
    """Name the folder of each language, in the given order: ``01_ES``, ``02_EN``.

    Languages that share their first part get the whole tag: ``01_ES_419``, ``02_ES_ES``.
    """
    shared = Counter(tag.partition("-")[0].lower() for tag in languages)
    names = {}
    for order, tag in enumerate(languages, start=first):
        primary = tag.partition("-")[0]
        shown = tag if shared[primary.lower()] > 1 else primary
        names[tag] = f"{order:02d}_{_OTHER.sub('_', shown.lower()).strip('_').upper()}"[:MAX_NAME]
    return names


def track_name(position: int, title: str, fallback: str, *, suffix: str) -> str:
    """Name a loudspeaker's track by its place in its folder, from 1: ``001_topic.mp3``."""
    number = f"{position:03d}_"
    words = slug(title, fallback, longest=MAX_NAME - len(number) - len(suffix))
    return f"{number}{words}{suffix}"


def is_safe_path(path: str) -> bool:
    """Tell whether a path inside a pack is one that every disk takes and no player stumbles over.

    At most one folder deep, each name of 1 to 64 ASCII letters, digits, ``_``, ``-`` and dots
    inside it: nothing hidden, nothing that leads out, no device of Windows.
    """
    names = path.split("/")
    return len(names) <= 2 and all(
        _SAFE.fullmatch(name) and not _DEVICES.fullmatch(name) for name in names
    )


def notice_name(number: int, language: LanguageTag, *, suffix: str) -> str:
    """Name a spoken notice, by its number in the pack: ``000_notice_es_01.mp3``.

    It sorts before every track of its folder, and is unique over all languages.
    """
    first = _OTHER.sub("", language.partition("-")[0].lower())
    return f"000_notice_{first}_{number:02d}{suffix}"


def validity_name(language: LanguageTag, *, suffix: str) -> str:
    """Name what says until when a radio's pack may be played: ``zz_valid_es-419.mp3``.

    It sorts after every track of its folder, and is unique over all languages.
    """
    return f"zz_valid_{_OTHER.sub('-', language.lower()).strip('-')[:16]}{suffix}"


def radio_stems(items: Sequence[tuple[str, LanguageTag, int, str]]) -> tuple[str, ...]:
    """Name a radio's tracks, each unique ignoring case: ``series_es-419_001``.

    Args:
        items: series id, language, number and episode id of each; no two may be equal.

    Where two would be called the same, each of them gets some of the digest of its own
    identity, so that a name does not depend on which other came first.
    """
    plain = [
        _radio_stem(series, language, f"{number:03d}") for series, language, number, _ in items
    ]
    counts = Counter(plain)
    for length in (6, 12, 24):
        stems = tuple(
            stem
            if counts[stem] == 1
            else _radio_stem(item[0], item[1], f"{item[2]:03d}_{_mark(item)[:length]}")
            for stem, item in zip(plain, items, strict=True)
        )
        if len(set(stems)) == len(stems):
            return stems
    raise ValueError("two items of the pack are the same edition")


def _radio_stem(series: str, language: str, tail: str) -> str:
    end = f"_{_OTHER.sub('-', language.lower()).strip('-')[:16]}_{tail}"
    return _cut(series, MAX_STEM - len(end)) + end


def _mark(item: tuple[str, LanguageTag, int, str]) -> str:
    return digest_text("\n".join(str(part) for part in item))


def _latin(title: str) -> str:
    """Transliterate; empty where a letter has no Latin reading here."""
    plain = unicodedata.normalize("NFKD", title.translate(_LETTERS)).translate(_LETTERS)
    kept = []
    for char in plain:
        kind = unicodedata.category(char)
        if kind.startswith("M"):
            continue
        if kind.startswith("L") and not char.isascii():
            return ""
        kept.append(str(unicodedata.digit(char)) if kind == "Nd" else char.lower())
    return _OTHER.sub("-", "".join(kept)).strip("-")


def _cut(text: str, longest: int) -> str:
    """Shorten, at the last mark between words if that keeps half of what fits."""
    if len(text) <= longest:
        return text
    head = text[:longest]
    between = max(head.rfind("-"), head.rfind("_"))
    if text[longest] not in "-_" and between * 2 >= longest:
        head = head[:between]
    return head.strip("-_")
