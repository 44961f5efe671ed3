"""Texts in the letters that broadcast chunks take: ASCII, transliterated or not at all."""

import unicodedata

_PLAIN = {
    **dict.fromkeys("ʼ’‘ʻꞌ´", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("–—‐‑·•", "-"),
    **dict.fromkeys("¿¡", ""),
    **dict(zip("ŁłĐđıƁɓƊɗƘƙƏəØøÐðĦħŊŋ", "LlDdiBbDdKkEeOoDdHhNn", strict=True)),
    "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "ß": "ss", "ẞ": "SS", "Þ": "Th", "þ": "th",
    "…": "...", "×": "x", "€": "EUR",
}  # fmt: skip
"""Letters and marks that Unicode does not take apart into plain ones."""


def ascii_text(text: str, fallback: str, *, longest: int) -> str:
    """Give a text in printable ASCII, cut to a length; accents are left out.

    Of a text with a letter that has no Latin reading here the rest would mislead: then the
    fallback, which is ASCII, stands in its place.
    """
    kept = []
    known = (_PLAIN.get(one, one) for one in unicodedata.normalize("NFC", text))
    for character in unicodedata.normalize("NFKD", "".join(known)):
        if character.isascii():
            kept.append(character)
        elif unicodedata.category(character).startswith("L"):
            return fallback[:longest]
    words = " ".join("".join(kept).split())
    words = "".join(character for character in words if character.isprintable())
    return (words or fallback)[:longest].rstrip()
