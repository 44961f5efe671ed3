"""The playlists of a pack: all of it as M3U8, M3U and PLS, and one M3U8 for each language."""

from collections.abc import Mapping

from stations.pack_plan import PackPlan, PackRequest
from stations.playlists import Entry, render_m3u, render_pls


def render_playlists(request: PackRequest, plan: PackPlan) -> Mapping[str, bytes]:
    """Render every playlist by its path; entries are in play order."""
    artist = request.network.name
    entries = [
        Entry(
            path=track.path,
            artist=artist,
            title=track.item.edition.title,
            duration_ms=track.item.edition.duration_ms,
        )
        for track in plan.tracks
    ]
    m3u8, m3u, pls, *by_language = plan.playlists
    lists = {
        m3u8: render_m3u(entries, m3u8),
        m3u: render_m3u(entries, m3u),
        pls: render_pls(entries, pls),
    }
    for language, path in zip(plan.languages, by_language, strict=bool(by_language)):
        own = [
            entry
            for entry, track in zip(entries, plan.tracks, strict=True)
            if track.item.edition.language == language
        ]
        lists[path] = render_m3u(own, path)
    return lists
