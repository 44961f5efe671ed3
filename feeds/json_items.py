"""An item of a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) as plain values.

What the format has no word for stands in ``_altavoz``: what became of the item, until when it is
valid, and the files beside its sound.
"""

from typing import Any

from feeds.channel import FeedChannel, FeedItem
from feeds.podcast_namespace import integrity


def item_fields(item: FeedItem, channel: FeedChannel) -> dict[str, Any]:
    """Give what JSON Feed has a word for, but the id."""
    found: dict[str, Any] = {
        "url": item.link,
        "title": item.title,
        "content_text": item.description,
        "date_published": item.published_at.isoformat(),
        "date_modified": (item.changed_at or item.published_at).isoformat(),
        "language": item.language or channel.language,
    }
    if item.image_url:
        found["image"] = item.image_url
    if item.topics:
        found["tags"] = list(item.topics)
    files = _attachments(item)
    if files:
        found["attachments"] = files
    return found


def item_details(item: FeedItem) -> dict[str, Any]:
    """Give what Altavoz adds; what is empty is left out."""
    found: dict[str, Any] = {
        "state": item.state.value,
        "expires": item.expires.isoformat(),
        "series": item.series,
        "episode": item.episode,
        "number": item.number,
        "season": item.season,
        "licence": item.licence,
        "synthetic_voice": item.synthetic_voice,
        "countries": list(item.countries),
        "reason": item.reason,
        "instead": item.instead_url,
        "transcripts": [
            {"url": one.url, "mime_type": one.media_type, "language": one.language}
            for one in item.transcripts
        ],
        "chapters": item.chapters_url,
        "words": item.words_url,
    }
    return {name: value for name, value in found.items() if value or value is False}


def _attachments(item: FeedItem) -> list[dict[str, Any]]:
    """Give the sound in every encoding: the same title says that they are the same."""
    if item.enclosure is None:
        return []
    main, length_s = item.enclosure, whole_seconds(item)
    digests = {one.url: one.sha256 for one in item.alternates}
    # The enclosure comes first; players that know nothing of alternates take that.
    files = {main.url: (main.media_type, main.length_bytes)}
    files |= {
        one.url: (one.media_type, one.length_bytes)
        for one in item.alternates
        if one.url != main.url
    }
    found = []
    for url, (media_type, length_bytes) in files.items():
        row: dict[str, Any] = {
            "url": url,
            "mime_type": media_type,
            "title": item.title,
            "size_in_bytes": length_bytes,
            "duration_in_seconds": length_s,
        }
        if url in digests:
            row["_altavoz"] = {"integrity": integrity(digests[url])}
        found.append(row)
    return found


def whole_seconds(item: FeedItem) -> int:
    """Give how long it is as feeds say it: rounded, and never 0."""
    return max(1, (item.duration_ms + 500) // 1000)
