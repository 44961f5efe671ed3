"""What tags say in sentences, in the listener's language, and titles as stations take them.

Where a language has no sentences of its own, they are in another one, which stands before them
in brackets: ``[es-419] Con voz sintética.``
"""

import re

from programme.editions import EditionTags, Notices
from programme.units import LanguageTag

LONGEST = 512
"""Characters that LibreTime keeps of a title, artist, album, copyright or description."""
_DASH = re.compile(r"\s+[-‐‑]\s+")


def station_title(tags: EditionTags) -> str:
    """Give the title without `` - ``, at which programs part artist and title."""
    return fitted(_DASH.sub(": ", tags.title))


def fitted(text: str) -> str:
    """Cut a text to what the narrowest database keeps."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def notices_of(tags: EditionTags) -> Notices:
    """Give what listeners are told; in English where nobody gave it."""
    if tags.notices is not None:
        return tags.notices
    voices = "With a synthetic voice." if tags.synthetic_voice else ""
    if tags.draft_voice:
        voices += " The synthetic voice is on trial: it may misread some words."
    return Notices(
        language=LanguageTag("en"),
        valid_until=f"Valid until {tags.expires.isoformat()}." if tags.has_last_day else "",
        voices=voices,
    )


def in_language(tags: EditionTags, text: str) -> str:
    """Give a notice, marked with its language where that is not the edition's."""
    used = notices_of(tags).language
    same = used.partition("-")[0] == tags.language.partition("-")[0]
    return text if same or not text else f"[{used}] {text}"


def comment(tags: EditionTags) -> str:
    """Give all notices in a row: example, validity, voices."""
    say = notices_of(tags)
    parts = (say.demo, say.valid_until, say.voices)
    return fitted(in_language(tags, " ".join(part for part in parts if part)))


def own_fields(tags: EditionTags) -> dict[str, str]:
    """Give the fields that no standard names, by our names for them; empty ones left out."""
    say = notices_of(tags)
    fields = {
        "EXPIRES": tags.expires.isoformat() if tags.has_last_day else "",
        "SYNTHETIC_VOICE": in_language(tags, say.voices),
        "SOURCES": " | ".join(tags.sources),
        "REFERENCE": tags.reference,
        "CONTENT_VERSION": tags.version,
    }
    return {name: text for name, text in fields.items() if text}
