"""Whether a testimony may air: its consent is there, live, and covers the use that is made."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from programme.consent import Consent, Use
from programme.findings import Findings
from programme.segments import Segment, SegmentKind
from programme.series import Episode, Series, SeriesKind
from programme.units import LanguageTag
from scripts.consents import PRIVATE_FOLDERS, Consents
from scripts.read_segments import SegmentFiles
from scripts.review_policy import consent_words
from scripts.wording import listed

if TYPE_CHECKING:
    from programme.stations import Station


def needs_consent(segment: Segment) -> bool:
    """Tell whether a segment airs only with somebody's consent."""
    return bool(segment.consent) or segment.kind is SegmentKind.TESTIMONY


def uses_of(series: Series, language: LanguageTag, stations: "Iterable[Station]") -> frozenset[Use]:
    """Give the ways in which a series reaches listeners in a language.

    A feed is heard in every country, and a station that takes it broadcasts it too. What a pack
    holds can be copied and cannot be called back; so can what is made besides the feed, to be
    passed on by hand, and nobody knows to which country.
    """
    from programme.stations import StationKind  # not where no segment needs a consent

    found = set() if series.kind is SeriesKind.LOOP else {Use(channel="feed")}
    if series.also:
        found.add(Use(channel="pack"))
    for station in stations:
        if series.id not in station.series or language not in station.languages:
            continue
        heard = "radio" if station.kind is StationKind.RADIO else "loudspeaker"
        found.add(Use(channel=heard, country=station.country))
        if station.has_own_files:
            found.add(Use(channel="pack", country=station.country))
    return frozenset(found)


def why_withheld(
    segment: Segment, consents: Consents, uses: Collection[Use], *, today: date
) -> str:
    """Say why a segment may not air, by record and field alone; empty where it may."""
    if not needs_consent(segment):
        return ""
    if not segment.consent:
        return "it needs the consent of the person who speaks"
    return why_uncovered(segment.consent, consents, uses, today=today)


def why_uncovered(name: str, consents: Consents, uses: Collection[Use], *, today: date) -> str:
    """Say why a consent does not cover some uses, by record and field alone; empty if it does."""
    record = consents.records.get(name)
    if record is not None:
        return _why(record, uses, today)
    if name in consents.faulty:
        return f"the consent record {name} has faults"
    return f"there is no consent record {name}"


def _why(record: Consent, uses: Collection[Use], today: date) -> str:
    lacking = {use.channel for use in uses} - record.channels
    elsewhere = any(use.country not in record.countries for use in uses)
    faults = {
        "was revoked": record.revoked_on is not None,
        "has run out": record.until < today,
        "is dated in the future": record.obtained_on > today,
        "does not say that risks were explained": not record.risks_explained,
        "is of a child and names no guardian": record.child and not record.guardian,
        "has no purpose that covers a broadcast": record.purposes.isdisjoint(consent_words().airs),
        f"does not cover the channel {listed(lacking)}": bool(lacking),
        "names countries, and it would be heard in others": bool(record.countries) and elsewhere,
    }
    why = next((what for what, is_so in faults.items() if is_so), "")
    return why and f"the consent {record.id} {why}"


WITHHELD_REMEDY = (
    "ask the person for a new consent (a new use is a new consent), correct the record, or take "
    "the segment out of this series"
)


def check_consents(
    files: SegmentFiles,
    consents: Consents,
    *,
    episodes: Iterable[Episode],
    series: Mapping[str, Series],
    stations: "Collection[Station]",
    today: date,
    findings: Findings,
) -> None:
    """Report each segment that is left out for want of a consent, once."""
    asking = [segment for segment in files.segments.values() if segment.consent]
    if not asking:
        return  # a testimony that names no consent at all is reported where it is read
    uses = _uses_by_segment(episodes, series, stations)
    for segment in asking:
        why = why_withheld(segment, consents, uses.get(segment.id, ()), today=today)
        if why:
            missing = segment.consent not in {*consents.records, *consents.faulty}
            remedy = (
                f"put it into {PRIVATE_FOLDERS[0]}/{segment.consent}.yml, or leave the segment out"
            )
            findings.add(
                file=segment.file,
                line=files.line(segment.id, "consent"),
                rule="consent.missing" if missing else "consent.withheld",
                problem=f"{why}: the segment is left out",
                remedy=remedy if missing else WITHHELD_REMEDY,
            )


def _uses_by_segment(
    episodes: Iterable[Episode], series: Mapping[str, Series], stations: "Collection[Station]"
) -> dict[str, set[Use]]:
    """Give how each segment of the rundowns would be heard, in any language."""
    found: dict[str, set[Use]] = {}
    for episode in episodes:
        one = series.get(episode.series)
        for slot in episode.slots if one else ():
            if slot.segment and one:
                for tag in one.languages:
                    found.setdefault(slot.segment, set()).update(uses_of(one, tag, stations))
    return found
