"""An item of a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), as JSON.

What the format has no word for stands in ``_altavoz``: what became of the item, until when it is
valid, and the files beside its sound. Members are written one by one, because an encoder takes
twice as long for ten thousand items.
"""

from collections.abc import Iterable
from json.encoder import encode_basestring as quoted

from feeds.channel import AlternateRendition, FeedChannel, FeedEnclosure, FeedItem
from feeds.podcast_namespace import integrity


def item_fields(item: FeedItem, channel: FeedChannel) -> str:
    """Give the members that JSON Feed has a word for, but the id."""
    changed_at = item.changed_at or item.published_at
    return _members(
        {
            "url": quoted(item.link),
            "title": quoted(item.title),
            "content_text": quoted(item.description),
            "date_published": quoted(item.published_at.isoformat()),
            "date_modified": quoted(changed_at.isoformat()),
            "language": quoted(item.language or channel.language),
            "image": _told(item.image_url),
            "tags": _list(map(quoted, item.topics)),
            "attachments": _list(_attachments(item)),
        }
    )


def item_details(item: FeedItem) -> str:
    """Give the members that Altavoz adds; what is empty is left out."""
    transcripts = [
        f'{{"url":{quoted(one.url)},"mime_type":{quoted(one.media_type)}'
        f',"language":{quoted(one.language)}}}'
        for one in item.transcripts
    ]
    return _members(
        {
            "state": quoted(item.state.value),
            "expires": quoted(item.expires.isoformat()),
            "series": _told(item.series),
            "episode": _told(item.episode),
            "number": str(item.number),
            "season": str(item.season) if item.season else "",
            "licence": quoted(item.licence),
            "synthetic_voice": "true" if item.synthetic_voice else "false",
            "countries": _list(map(quoted, item.countries)),
            "reason": _told(item.reason),
            "instead": _told(item.instead_url),
            "transcripts": _list(transcripts),
            "chapters": _told(item.chapters_url),
            "words": _told(item.words_url),
        }
    )


def _attachments(item: FeedItem) -> list[str]:
    """Give the sound in every encoding: the same title says that they are the same."""
    if item.enclosure is None:
        return []
    title, length_s = quoted(item.title), whole_seconds(item)
    digests = {one.url: one.sha256 for one in item.alternates}
    # The enclosure comes first; players that know nothing of alternates take that.
    main = item.enclosure.url
    files: list[FeedEnclosure | AlternateRendition] = [item.enclosure]
    files += [one for one in item.alternates if one.url != main]
    found = []
    for one in files:
        digest = digests.get(one.url)
        more = f',"_altavoz":{{"integrity":{quoted(integrity(digest))}}}' if digest else ""
        found.append(
            f'{{"url":{quoted(one.url)},"mime_type":{quoted(one.media_type)},"title":{title}'
            f',"size_in_bytes":{one.length_bytes},"duration_in_seconds":{length_s}{more}}}'
        )
    return found


def whole_seconds(item: FeedItem) -> int:
    """Give how long it is as feeds say it: rounded, and never 0."""
    return max(1, (item.duration_ms + 500) // 1000)


def _told(text: str) -> str:
    return quoted(text) if text else ""


def _list(values: Iterable[str]) -> str:
    """Give values that are JSON already as a list; nothing for none."""
    inside = ",".join(values)
    return f"[{inside}]" if inside else ""


def _members(values: dict[str, str]) -> str:
    """Give the members of an object, without its brackets; those without a value are left out."""
    return ",".join([f'"{name}":{value}' for name, value in values.items() if value])
