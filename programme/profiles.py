"""Profiles: how sound is mastered and encoded for where it plays; data in profiles.toml."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from programme.tables import package_file, read_toml
from programme.units import Db, Dbtp, DurationMs, Hz, LanguageTag, Lu, Lufs


@dataclass(frozen=True, slots=True, kw_only=True)
class RenditionSpec:
    """One way to encode a master; mono, constant bit rate."""

    id: str
    """Unique in its profile; a station names it as its format."""
    codec: str
    """``mp3``, ``opus``, ``aac``, ``pcm`` or ``mulaw``."""
    suffix: str
    """How names of files end; unique in its profile."""
    media_type: str
    rate_hz: Hz
    """Of what is coded; Opus is coded from 48 kHz, and at 16,000 keeps to the band of a voice
    message."""
    kbps: int
    """Kilobits of sound a second, without headers and tags."""
    bits: int = 0
    """Of one sample of ``pcm``: 16 or 24; 0 for the other codecs."""
    broadcast_wave: bool = False
    """Whether a WAV carries what radio automation reads: bext, cart, cue, iXML."""
    plain: bool = False
    """Whether it is for players of the simplest kind: short tags, no Info frame."""
    feed: bool = False
    """Whether a podcast feed may carry it."""
    on_demand: bool = False
    """Whether it is made only where a series or a station names it: it is large."""
    max_bytes: int = 0
    """The longest that a file may be; 0 for no limit."""

    @property
    def longest_s(self) -> int:
        """How many whole seconds of sound fit into it; 0 for no limit."""
        return self.max_bytes * 8 // (self.kbps * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What is to be made of an edition: a profile, and one of its formats where it is named."""

    profile: str
    format: str = ""
    """Id of a rendition; empty for those that the profile makes anyway."""

    def __str__(self) -> str:
        """Give it as producers write it: ``broadcast`` or ``broadcast/bwf``."""
        return f"{self.profile}/{self.format}" if self.format else self.profile


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
    turn_pause_ms: DurationMs
    """In a dialogue, before another speaks: the ear takes in that the voice changed."""
    paragraph_pause_ms: DurationMs
    repeat_pause_ms: DurationMs
    slot_pause_ms: DurationMs
    bed_db: Db
    """The bed's loudness under speech, relative to the speech."""
    renditions: tuple[RenditionSpec, ...]

    @property
    def has_feed_sound(self) -> bool:
        """Whether a feed can be made of it: podcast programs need an MP3."""
        return any(spec.feed and spec.media_type == "audio/mpeg" for spec in self.renditions)

    @property
    def longest_s(self) -> int:
        """How many seconds an edition may have so that each of its files fits; 0 for no limit."""
        return min((spec.longest_s for spec in self.renditions if spec.max_bytes), default=0)

    def made_for(self, formats: Collection[str]) -> "Profile":
        """Give it with those renditions that are made anyway, or that somebody named.

        Args:
            formats: ids of renditions; empty ones name nothing.
        """
        kept = tuple(one for one in self.renditions if not one.on_demand or one.id in formats)
        return replace(self, renditions=kept)


def _table(name: str) -> dict[str, Any]:
    return read_toml(package_file("programme", name))


@cache
def profiles() -> Mapping[str, Profile]:
    """Give every built-in profile by id."""
    found = {}
    for name, row in _table("profiles.toml").items():
        renditions = tuple(RenditionSpec(**spec) for spec in row.pop("renditions"))
        found[name] = Profile(id=name, renditions=renditions, **row)
    return MappingProxyType(found)


@cache
def outputs() -> Mapping[str, Output]:
    """Give everything that a series may ask for beside its own profile, as producers write it."""
    found = []
    for profile in profiles().values():
        found.append(Output(profile=profile.id))
        found += [
            Output(profile=profile.id, format=spec.id)
            for spec in profile.renditions
            if spec.on_demand
        ]
    return MappingProxyType({str(one): one for one in found})


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
