"""The one table of how published objects are served."""

import pytest

from production.targets.serving import Served, is_immutable, media_type_of, served, with_charset

DAY = "public, max-age=86400"
MINUTES = "max-age=300, must-revalidate"


@pytest.mark.parametrize(
    ("media_type", "sent"),
    [
        ("text/vtt", "text/vtt; charset=utf-8"),
        ("text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("application/x-subrip", "application/x-subrip; charset=utf-8"),
        ("application/rss+xml", "application/rss+xml; charset=utf-8"),
        ("application/json+chapters", "application/json+chapters"),
        ("audio/ogg; codecs=opus", "audio/ogg; codecs=opus"),
    ],
)
def test_text_is_served_as_utf_8(media_type: str, sent: str) -> None:
    assert with_charset(media_type) == sent


@pytest.mark.parametrize(
    ("key", "media_type", "cache"),
    [
        ("camino/es-419.xml", "application/rss+xml; charset=utf-8", MINUTES),
        ("camino/es-419.json", "application/feed+json", MINUTES),
        ("feeds.opml", "text/x-opml; charset=utf-8", MINUTES),
        ("index.html", "text/html; charset=utf-8", MINUTES),
        ("site.json", "application/json", MINUTES),
        ("publish.json", "application/json", MINUTES),
        ("ledger/0123456789abcdef0123456789abcdef.jsonl", "application/jsonl", DAY),
        ("m/camino-0123456789ab.mp3", "audio/mpeg", DAY),
        ("m/camino-0123456789ab.opus", "audio/ogg; codecs=opus", DAY),
        ("m/camino-0123456789ab.vtt", "text/vtt; charset=utf-8", DAY),
        ("m/camino-0123456789ab.chapters.json", "application/json+chapters", DAY),
        ("m/camino-0123456789ab.words.json", "application/json", DAY),
        ("m/site-0123456789ab.css", "text/css; charset=utf-8", DAY),
        ("m/art-0123456789ab.png", "image/png", DAY),
        ("what.is-this", "application/octet-stream", MINUTES),
    ],
)
def test_each_key_says_what_it_is_and_how_long_it_is_kept(
    key: str, media_type: str, cache: str
) -> None:
    told = served(key)
    assert told == Served(media_type=media_type, cache_control=cache, disposition="")
    assert is_immutable(key) == (cache == DAY)


def test_a_withdrawn_file_lives_on_in_caches_for_a_day_at_most() -> None:
    # Not "immutable" and not a year: what was retracted would be heard on.
    assert served("m/x-0123456789ab.mp3").cache_control == DAY


def test_a_maker_knows_better_than_the_key_what_an_object_is() -> None:
    assert media_type_of("m/x-0123456789ab.mp4") == "application/octet-stream"
    assert served("m/x-0123456789ab.mp4", "audio/mp4").media_type == "audio/mp4"


def test_what_a_browser_cannot_show_is_saved_under_its_own_name() -> None:
    told = served("packs/radio-0123456789ab.zip")
    assert told.disposition == 'attachment; filename="radio-0123456789ab.zip"'
