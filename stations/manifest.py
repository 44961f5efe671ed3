"""The pack's paper for programs, ``pack.json``, and its signature.

``pack.json`` is canonical JSON (sorted keys, no spaces, UTF-8) so that issue of the same pack
gives the same bytes, which is what the signature covers. It lists every file but itself, its
signature, and what is derived from both, see ``stations.pack_members``.

A station's identity is private by default (it may be unlicensed, and a stick may be lost):
id and name are written only where its file says ``publish_identity``; never its place.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from programme.digests import Plain, canonical_json, digest_text
from programme.editions import Edition
from programme.series import Series
from programme.sound import Loudness
from programme.stations import Station
from programme.units import LanguageTag
from stations.pack_plan import LoopPart, PackFile, PackOverride, PackPlan, PackRequest, Track
from stations.recall import render_recalls

if TYPE_CHECKING:
    from stations.minisign import Signer

FORMAT = "altavoz-pack/2"
"""Changes when an older reader would misread the manifest."""


def render_manifest(request: PackRequest, plan: PackPlan, files: Sequence[PackFile]) -> bytes:
    """Render ``pack.json``.

    Args:
        request: what was asked for.
        plan: where it lies.
        files: every file of the pack that it lists, in the pack's order.
    """
    by_path = {file.path: file for file in files}
    network, station = request.network, request.station
    about: dict[str, Plain] = {
        "format": FORMAT,
        "pack": plan.pack_id,
        "publisher": {
            "id": network.id,
            "name": network.name,
            "website": network.website,
            "contact": network.role_address,
            # nobody believes a key for standing here: a person is asked, see stations.pack_verdict
            **({"keys": list(network.signing_keys)} if request.signer else {}),
        },
        "licence": {"id": network.licence, "url": network.licence_url},
        "serial": request.serial,
        "issued": request.issued.isoformat(),
        "valid_until": plan.valid_until.isoformat(),
        "kind": station.kind.value,
        "profile": station.profile,
        "languages": list(plan.languages),
        "demo": plan.demo,
        "synthetic_voice": plan.synthetic_voice,
        "draft_voice": plan.draft_voice,
        "items": [_item(track, by_path[track.path], request, plan) for track in plan.tracks],
        "left_out": [
            {"language": one.language, "title": one.title, "reason": one.reason.value}
            for one in request.left_out
        ],
        "retracts": render_recalls(request.recalls, frozenset(one.path for one in plan.tracks)),
        "files": [
            {"path": one.path, "bytes": one.length_bytes, "sha256": one.digest} for one in files
        ],
    }
    if request.overrides:
        about["overrides"] = [_override(one, station) for one in request.overrides]
    if station.publish_identity:
        about["station"] = {"id": station.id, "name": station.name}
    return (canonical_json(about) + "\n").encode("utf-8")


def render_signature(manifest: bytes, signer: "Signer") -> bytes:
    """Render ``pack.json.minisig``; people without Altavoz check it with ``minisign -V``."""
    return signer.sign(
        manifest,
        trusted=trusted_comment(json.loads(manifest)),
        untrusted=f"minisign -Vm pack.json -P {signer.public.text}",
    )


def trusted_comment(manifest: Mapping[str, Any]) -> str:
    """Say in one signed line what ``pack.json`` says: so ``minisign -V`` alone shows it.

    Dates are days in UTC. Recalls are their count, and the first 16 hexadecimal digits of the
    SHA-256 of the canonical JSON of ``retracts``.

    Args:
        manifest: ``pack.json`` as read from its bytes.

    Raises:
        KeyError: it is no manifest.
    """
    retracts = manifest["retracts"]
    return (
        f"pack={manifest['pack']} serial={manifest['serial']} issued={manifest['issued']} "
        f"valid-until={manifest['valid_until']} "
        f"recalls={len(retracts)}:{digest_text(canonical_json(retracts))[:16]}"
    )


def series_title(series: Mapping[str, Series], series_id: str, language: LanguageTag) -> str:
    """Give a series' title in a language; its id where nobody has translated the title.

    Raises:
        KeyError: the request was made without this series.
    """
    return series[series_id].title.get(language, series_id)


def _item(track: Track, file: PackFile, request: PackRequest, plan: PackPlan) -> Plain:
    edition, series = track.item.edition, request.series
    notice = track.item.notice
    last_day = track.item.last_day or plan.valid_until
    told: dict[str, Plain] = {} if notice is None else {"notice": notice.value}
    if track.item.validity:
        told["says_valid_until"] = plan.valid_until.isoformat()
    if track.item.parts:
        told["loop"] = [_part(one) for one in track.item.parts]
    return told | {
        "path": track.path,
        "sha256": file.digest,
        "bytes": file.length_bytes,
        "media_type": track.item.rendition.media_type,
        "kbps": track.item.rendition.kbps,
        "duration_ms": edition.duration_ms,
        "language": edition.language,
        "series": edition.series,
        "series_title": series_title(series, edition.series, edition.language),
        "episode": edition.episode,
        "number": edition.number,
        "dated": edition.dated.isoformat(),
        "title": edition.title,
        "profile": edition.profile,
        "loudness": _loudness(track.item.rendition.loudness),
        "expires": last_day.isoformat(),
        "synthetic_voice": edition.synthetic_voice,
        "draft_voice": edition.draft_voice,
        "demo": edition.demo,
        "words_sha256": edition.words_digest,
        "segments": _segments(edition, track.item.segment_titles),
    }


def _part(one: LoopPart) -> Plain:
    return {
        "language": one.language,
        "start_ms": one.start_ms,
        "end_ms": one.end_ms,
        "title": one.title,
        "editions": [
            {"series": edition.series, "episode": edition.episode} for edition in one.editions
        ],
    }


def _override(one: PackOverride, station: Station) -> Plain:
    plain: dict[str, Plain] = {
        "fact": one.fact,
        "says": {str(tag): words for tag, words in one.says.items()},
        "general": {str(tag): words for tag, words in one.general.items()},
        "sources": [{"title": source.title, "url": source.url} for source in one.sources],
        "verified_on": one.verified_on.isoformat(),
        "expires": one.expires.isoformat(),
    }
    if station.publish_identity:
        plain["reason"] = one.reason
    return plain


def _segments(edition: Edition, titles: Mapping[str, str]) -> Plain:
    return [{"id": one, "title": titles.get(one, one)} for one in edition.segments]


def _loudness(loudness: Loudness) -> Plain:
    peak = loudness.true_peak
    return {
        "integrated_lufs": round(loudness.integrated, 2),
        "range_lu": round(loudness.range_lu, 2),
        # JSON has no -inf, which is what the meter reads of digital silence.
        "true_peak_dbtp": round(peak, 2) if math.isfinite(peak) else None,
    }
