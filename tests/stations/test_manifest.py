"""pack.json tells a program all that the pack holds, in one form of bytes only."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from programme.digests import digest_bytes
from programme.sound import Loudness
from programme.stations import StationKind
from programme.units import Dbtp, LanguageTag
from stations.manifest import render_manifest
from stations.pack_plan import PackEdition, PackFile, PackRequest, plan_pack

RequestMaker = Callable[..., PackRequest]
ES = LanguageTag("es-419")
WORDS = b"Nadie puede cobrarle. Llame al 800 5533 000, las 24 horas."


def manifest_of(request: PackRequest) -> tuple[bytes, dict[str, Any]]:
    plan = plan_pack(request)
    files = [
        PackFile(path=path, length_bytes=len(path), digest=digest_bytes(path.encode()))
        for path in (*(t.path for t in plan.tracks), plan.readme)
    ]
    data = render_manifest(request, plan, files)
    read: dict[str, Any] = json.loads(data)
    return data, read


def test_the_manifest_is_canonical(request_of: RequestMaker) -> None:
    data, read = manifest_of(request_of())
    again = json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert data == f"{again}\n".encode()


def test_the_manifest_says_who_what_and_until_when(request_of: RequestMaker) -> None:
    _, read = manifest_of(request_of(StationKind.RADIO))
    assert read["format"] == "altavoz-pack/2"
    assert (read["serial"], read["issued"], read["valid_until"]) == (3, "2026-11-22", "2026-12-06")
    assert read["publisher"] == {
        "id": "camino",
        "name": "Camino Seguro",
        "website": "https://camino.example/",
        "contact": "radio@camino.example",
    }
    assert (read["demo"], read["synthetic_voice"], read["retracts"]) == (True, True, [])
    assert read["draft_voice"] is False
    assert read["left_out"] == [
        {"language": "quc", "title": "Pedir asilo es gratis", "reason": "no-voice"}
    ]
    assert read["items"][0] == {
        "path": "01_ES/avisos_es-419_001.mp3",
        "sha256": digest_bytes(b"01_ES/avisos_es-419_001.mp3"),
        "bytes": 27,
        "media_type": "audio/mpeg",
        "kbps": 32,
        "duration_ms": 2040,
        "language": "es-419",
        "series": "avisos",
        "series_title": "Avisos",
        "episode": "aviso-1",
        "number": 1,
        "dated": "2026-11-20",
        "title": "Pedir asilo es gratis",
        "profile": "loudspeaker",
        "loudness": {"integrated_lufs": -14.02, "range_lu": 2.5, "true_peak_dbtp": -1.4},
        "expires": "2026-12-06",
        "synthetic_voice": True,
        "draft_voice": False,
        "demo": True,
        "words_sha256": digest_bytes(WORDS),
        "segments": [{"id": "seg-1", "title": "Pedir asilo es gratis"}],
    }  # fmt: skip


def test_a_station_is_named_only_where_it_is_public(request_of: RequestMaker) -> None:
    request = request_of()
    _, read = manifest_of(request)
    assert "station" not in read
    _, read = manifest_of(replace(request, station=replace(request.station, publish_identity=True)))
    assert read["station"] == {"id": "terminal-norte", "name": "Terminal Norte"}


def test_silence_and_missing_titles_have_a_form(
    request_of: RequestMaker, edition_of: Callable[..., PackEdition]
) -> None:
    item = edition_of(ES, 1)
    quiet: Loudness = replace(item.rendition.loudness, true_peak=Dbtp(float("-inf")))
    silent = replace(item, rendition=replace(item.rendition, loudness=quiet), segment_titles={})
    _, read = manifest_of(request_of(editions=(silent,)))
    assert read["items"][0]["loudness"]["true_peak_dbtp"] is None
    assert read["items"][0]["segments"] == [{"id": "seg-1", "title": "seg-1"}]
