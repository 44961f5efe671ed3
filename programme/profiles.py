"""Profiles: how sound is mastered and encoded for where it plays; data in profiles.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from programme.units import Db, Dbtp, DurationMs, Hz, LanguageTag, Lu, Lufs


@dataclass(frozen=True, slots=True, kw_only=True)
class RenditionSpec:
    """One way to encode a master; mono, constant bit rate."""

    id: str
    codec: str
    """``mp3`` or ``opus``."""
    suffix: str
    media_type: str
    rate_hz: Hz
    kbps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How an edition is paced, mastered and encoded; see profiles.toml for each figure."""

    id: str
    title: str
    loudness_lufs: Lufs
    tolerance_lu: Lu
    dual_mono: bool
    ceiling_dbtp: Dbtp
    max_dbtp: Dbtp
    chain: str
    pace: str
    sentence_pause_ms: DurationMs
    paragraph_pause_ms: DurationMs
    repeat_pause_ms: DurationMs
    slot_pause_ms: DurationMs
    bed_db: Db
    """The bed's loudness under speech, relative to the speech."""
    renditions: tuple[RenditionSpec, ...]


def _table(name: str) -> dict[str, Any]:
    text = resources.files("programme").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def profiles() -> Mapping[str, Profile]:
    """Give every built-in profile by id."""
    found = {}
    for name, row in _table("profiles.toml").items():
        renditions = tuple(RenditionSpec(**spec) for spec in row.pop("renditions"))
        found[name] = Profile(id=name, renditions=renditions, **row)
    return MappingProxyType(found)


def paces() -> tuple[str, ...]:
    """Give the names of the paces."""
    return tuple(_table("paces.toml"))


@cache
def words_per_minute(pace: str, language: LanguageTag) -> int:
    """Give the pace, in words a minute as heard, for a language; the pace's default if unlisted.

    Raises:
        KeyError: no such pace; profiles.toml names one that paces.toml does not have.
    """
    row: dict[str, int] = _table("paces.toml")[pace]
    return row.get(language.partition("-")[0], row["default"])
