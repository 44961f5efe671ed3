"""Packs' pages for tests: rendered from a request and put into a folder with their sound."""

import shutil
from pathlib import Path

from programme.digests import digest_bytes
from stations.minisign import SecretKey
from stations.pack_page import render_page
from stations.pack_plan import PackFile, PackRequest, plan_pack
from stations.page_sound import embedded_tracks

KEY = SecretKey.make(bytes(range(40)))
OTHER = SecretKey.make(bytes(range(1, 41)))


def page_bytes(request: PackRequest) -> bytes:
    """Render the page of a pack that has nothing but sound."""
    plan = plan_pack(request)
    files = [
        PackFile(
            path=track.path,
            length_bytes=track.item.rendition.length_bytes,
            digest=digest_bytes(track.item.audio.read_bytes()),
        )
        for track in plan.tracks
    ]
    sounds = {track.path: track.item.audio.read_bytes() for track in embedded_tracks(plan)}
    return render_page(request, plan, files, sounds)


def write_page(folder: Path, request: PackRequest) -> Path:
    """Write the page and the sound beside it."""
    for track in plan_pack(request).tracks:
        place = folder / track.path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(track.item.audio, place)
    page = folder / "index.html"
    page.write_bytes(page_bytes(request))
    return page
