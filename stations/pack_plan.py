"""What a pack holds and where: every member's path inside the ZIP, in play order.

Pure: nothing is read or written here, and no library is needed. A loudspeaker, shelter or
transit point gets numbered tracks in numbered folders, and its playlists in ``data/`` with the
other papers; a radio gets track names that are unique over all languages, and its playlists at the
root, where station software looks for them. What is read first, and what proves the pack, lies at
the root of both; see ``stations.pack_members`` for all of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from programme.digests import digest_bytes
from programme.editions import NEVER, Edition, Rendition
from programme.errors import ExitCode, ProductionError
from programme.facts import Source
from programme.left_out import Cause
from programme.network import Network
from programme.notices import NoticeKind
from programme.series import Series
from programme.stations import Station, StationKind
from programme.units import Digest, DurationMs, LanguageTag
from stations.names import INFO_FOLDER
from stations.pack_naming import pack_name
from stations.pack_news import PackNews
from stations.pack_paths import CHECKSUMS, MANIFEST, SIGNATURE
from stations.recall import Recall
from stations.track_paths import check_counts, track_paths

if TYPE_CHECKING:
    from stations.minisign import Signer

PACK_VERSION = 5
"""Counts up when the same request would give other bytes; part of a pack's fingerprint."""

NOTICES_DAYS = 90
"""How long a pack of notices alone may be played: nothing else in it has a last day."""

MAX_PACK_BYTES = 4_294_967_295 - 16_777_216
"""FAT32 takes no file of 4 GiB or more; 16 MiB are kept for pages and lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One segment or edition that this station should have had, and why it has not."""

    language: LanguageTag
    title: str
    """As the station would know it: a title, else an id."""
    reason: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPart:
    """What one language hears of a loop."""

    language: LanguageTag
    start_ms: DurationMs
    end_ms: DurationMs
    title: str
    """In its language."""
    editions: tuple[Edition, ...]
    """Whose messages are said in it, each as it is by itself: other times, the same words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackEdition:
    """One edition with the one file of it that this station takes."""

    edition: Edition
    rendition: Rendition
    audio: Path
    """The rendition's file; it must have the rendition's length and digest."""
    segment_titles: Mapping[str, str] = field(default_factory=dict)
    """Segment id to its title in the edition's language; one without a title shows its id."""
    notice: NoticeKind | None = None
    """What it tells of a message that earlier packs held; such files are played first. None for
    an ordinary edition."""
    validity: bool = False
    """Whether it says until when the pack may be played; such files are last in their folders."""
    parts: tuple[LoopPart, ...] = ()
    """Of a loop, in the order in which they are heard; the edition's language is the first one's,
    and its captions are in all of their languages. Empty for everything else."""
    together: bool = False
    """Whether it is a loop of a station that hears its languages one after another from one
    file: such files lie in a folder of their own."""

    @property
    def last_day(self) -> date | None:
        """The last day on which it may be played; None for a notice, which has none."""
        return None if self.edition.expires == NEVER else self.edition.expires

    @property
    def languages(self) -> tuple[LanguageTag, ...]:
        """Those that are heard in it, once each."""
        heard = [one.language for one in self.parts] or [self.edition.language]
        return tuple(dict.fromkeys(heard))

    @property
    def messages(self) -> tuple[Edition, ...]:
        """The editions whose words it plays: itself, or of a loop those of its parts, once each.

        None for what only speaks of others, or of the pack.
        """
        if self.notice is not None or self.validity:
            return ()
        said = {one.key: one for part in self.parts for one in part.editions}
        return tuple(said.values()) or (self.edition,)

    def heard_in(self, language: LanguageTag) -> Edition:
        """Give what is heard in one of its languages, as an edition of that language alone.

        Times of captions are those of the whole file; the length is what that language has of it.
        """
        own = [one for one in self.parts if one.language == language]
        if not own:
            return self.edition
        return replace(
            self.edition,
            language=language,
            title=own[0].title,
            duration_ms=DurationMs(sum(one.end_ms - one.start_ms for one in own)),
            captions=tuple(
                caption
                for caption in self.edition.captions
                if any(one.start_ms <= caption.start_ms < one.end_ms for one in own)
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PackOverride:
    """What this pack says in the place of a fact that everybody else hears."""

    fact: str
    """Id of the fact or contact that it replaces."""
    says: Mapping[LanguageTag, str]
    """Here, as printed, in each language that has words for it."""
    general: Mapping[LanguageTag, str]
    """Everywhere else."""
    reason: str
    """Written only into the pack of a station whose identity is public: it may tell the place."""
    sources: tuple[Source, ...]
    verified_on: date
    expires: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """One member of a pack."""

    path: str
    """Inside the pack, with forward slashes."""
    length_bytes: int
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file that production made for a pack, such as small sound to pass on, or a card."""

    file: PackFile
    """Its path must lie in ``data/``."""
    source: bytes | Path
    """All of it; or a file, which must have the length and digest."""

    @classmethod
    def of(cls, path: str, data: bytes) -> "Paper":
        """Give the paper of some bytes."""
        file = PackFile(path=path, length_bytes=len(data), digest=digest_bytes(data))
        return cls(file=file, source=data)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRequest:
    """All that decides a pack's bytes."""

    station: Station
    network: Network
    series: Mapping[str, Series]
    editions: tuple[PackEdition, ...]
    """In any order: the plan puts them in the station's language and series order, by number."""
    serial: int
    """Counts up with each pack that is handed out; at least 1."""
    issued: date
    left_out: tuple[LeftOut, ...] = ()
    overrides: tuple[PackOverride, ...] = ()
    """Those that its editions speak, by id."""
    recalls: tuple[Recall, ...] = ()
    """What earlier packs held and must be deleted, in the station's order of languages."""
    papers: tuple[Paper, ...] = ()
    """Further members, in this order, behind the papers of ``stations.papers``. They count as
    content: nothing in them may depend on the serial, the day of issue or the pack made last."""
    news: PackNews | None = None
    """What the pack made before it did not hold; None for the first. No content: it follows from
    the serial."""
    signer: "Signer | None" = None
    """Who signs ``pack.json`` and the page; None where no key is declared, or by ``--unsigned``."""
    rehearsal: bool = False
    """Whether it was made as an example, whatever it holds: it then says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One audio file in a pack."""

    path: str
    """Inside the ZIP, with forward slashes."""
    item: PackEdition


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPlan:
    """What a pack is called, what it plays, and where its papers lie."""

    pack_id: str
    """Names the pack, and the station only where that is public."""
    tracks: tuple[Track, ...]
    """In play order."""
    languages: tuple[LanguageTag, ...]
    """Those that have a track, in the station's order."""
    valid_until: date
    """The last day on which all of it may be played."""
    demo: bool
    """Whether it is an example: it is a rehearsal, or something in it speaks a demo fact."""
    synthetic_voice: bool
    """Whether anything in it is spoken by a machine voice."""
    draft_voice: bool
    """Whether one of these voices is of draft class."""
    playlists: tuple[str, ...]
    """M3U8, the same as .m3u, PLS, then one M3U8 per language where there are several."""
    scripts: Mapping[LanguageTag, tuple[str, str]]
    """HTML and plain text of each language."""
    page: str = "index.html"
    readme: str = "README.txt"
    manifest: str = MANIFEST
    signature: str = SIGNATURE
    """Where it would lie; see ``PackRequest.signer``."""
    checksums: str = CHECKSUMS

    @property
    def file_name(self) -> str:
        """What to call the ZIP: it says no more than the pack itself."""
        return f"{self.pack_id}.zip"


def pick_rendition(renditions: tuple[Rendition, ...], wanted: str = "") -> Rendition:
    """Choose what a station asks for, else what any player plays: MP3, else the first.

    Args:
        renditions: of one edition.
        wanted: id of the one that the station names; empty for none.

    Raises:
        ValueError: there are none, or not the wanted one.
    """
    if not renditions:
        raise ValueError("an edition without renditions cannot be packed")
    if wanted:
        chosen = next((one for one in renditions if one.id == wanted), None)
        if chosen is None:
            raise ValueError(f"the edition was not made as {wanted}")
        return chosen
    return next((one for one in renditions if one.suffix == ".mp3"), renditions[0])


def plan_pack(request: PackRequest) -> PackPlan:
    """Say what goes where; touches no file.

    Raises:
        ProductionError: nothing to pack, something in it is past its date on the day of
            issue, or more than a player or a FAT disk takes.
        ValueError: an edition twice, or one in a language that the station does not take.
    """
    ordered, languages, valid_until = _checked(request)
    radio = request.station.kind is StationKind.RADIO
    root = "" if radio else f"{INFO_FOLDER}/"
    lists = ["playlist.m3u8", "playlist.m3u", "playlist.pls"]
    if len(languages) > 1:
        lists += [f"playlist_{tag.lower()}.m3u8" for tag in languages]
    return PackPlan(
        pack_id=pack_name(request),
        tracks=tuple(
            Track(path=path, item=item)
            for path, item in zip(
                track_paths(ordered, languages, radio=radio), ordered, strict=True
            )
        ),
        languages=languages,
        valid_until=valid_until,
        demo=request.rehearsal or any(item.edition.demo for item in ordered),
        synthetic_voice=any(item.edition.synthetic_voice for item in ordered),
        draft_voice=any(item.edition.draft_voice for item in ordered),
        playlists=tuple(root + name for name in lists),
        scripts={
            tag: (
                f"{INFO_FOLDER}/script_{tag.lower()}.html",
                f"{INFO_FOLDER}/script_{tag.lower()}.txt",
            )
            for tag in languages
        },
    )


def pack_valid_until(request: PackRequest) -> date:
    """Give the last day on which all of a pack may be played, before its files have names.

    Raises:
        ProductionError, ValueError: as ``plan_pack``.
    """
    ordered, languages, valid_until = _checked(request)
    check_counts(ordered, languages)
    return valid_until


def _checked(
    request: PackRequest,
) -> tuple[tuple[PackEdition, ...], tuple[LanguageTag, ...], date]:
    """Give what is played, in order, the languages heard in it, and its last day."""
    ordered = _in_play_order(request)
    _check(request, ordered)
    heard = {tag for item in ordered for tag in item.languages}
    languages = tuple(tag for tag in request.station.languages if tag in heard)
    no_day = request.issued + timedelta(days=NOTICES_DAYS)
    return ordered, languages, min((d for item in ordered if (d := item.last_day)), default=no_day)


def _in_play_order(request: PackRequest) -> tuple[PackEdition, ...]:
    languages = {tag: place for place, tag in enumerate(request.station.languages)}
    series = {one: place for place, one in enumerate(request.station.series)}
    strangers = {tag for item in request.editions for tag in item.languages} - set(languages)
    if strangers:
        raise ValueError(f"{request.station.id} does not take {sorted(strangers)}")

    def place(item: PackEdition) -> tuple[int, int, int, str, int, str]:
        one = item.edition
        rank = series.get(one.series, len(series))
        turn = 0 if item.notice is not None else 2 if item.validity else 1
        # A folder of its own comes before those of the languages.
        folder = -1 if item.together else languages[one.language]
        return folder, turn, rank, one.series, one.number, one.episode

    return tuple(sorted(request.editions, key=place))


def _check(request: PackRequest, ordered: tuple[PackEdition, ...]) -> None:
    where = request.station.file
    if not ordered:
        raise ProductionError(
            f"there is nothing to pack for {request.station.id}",
            where=where,
            remedy="see what was left out and why, or give the station other series or languages",
        )
    seen = {one.edition.key for one in ordered}
    if len(seen) < len(ordered):
        raise ValueError(f"{request.station.id}: an edition is in the pack twice")
    late = [one.edition for one in ordered if one.edition.expires < request.issued]
    if late:
        raise ProductionError(
            f"{late[0].episode} in {late[0].language} may not be played after {late[0].expires}",
            where=where,
            remedy="verify its facts anew or leave the episode out; a pack holds nothing expired",
            code=ExitCode.EXPIRED,
        )
    if sum(one.rendition.length_bytes for one in ordered) > MAX_PACK_BYTES:
        raise ProductionError(
            f"the pack for {request.station.id} is over 4 GiB, more than a FAT disk takes",
            where=where,
            remedy="give the station fewer series, or a profile with fewer kilobits a second",
        )
