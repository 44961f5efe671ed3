"""What may stand in a feed: letters, lengths and addresses, refused before any XML is made.

Letters follow XML 1.0 (https://www.w3.org/TR/xml/#charsets), less the control characters that
it allows: nobody types them, and players show them as boxes. Lengths follow Apple's
requirements (https://podcasters.apple.com/support/823-podcast-requirements).
"""

import html
import re

from feeds.text_limits import MAX_DESCRIPTION_BYTES, MAX_VALUE_LETTERS
from programme.errors import ProductionError

_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters but tab and line feed, lone surrogates, and what XML 1.0 leaves out."""

_FILE_URL = re.compile(r"https?://[A-Za-z0-9.\-]+(?::[0-9]+)?(?:/[A-Za-z0-9._\-]+)+/?\Z")
_SURE_LETTERS = MAX_DESCRIPTION_BYTES // len("&amp;")
"""No letter takes more bytes as HTML in UTF-8."""

_PAGE_URL = re.compile(
    r"https?://[A-Za-z0-9.\-]+(?::[0-9]+)?(?:[/?#][!#$%&'()*+,\-./:;=?@\w~]*)?\Z", re.ASCII
)


def illegal_character(text: str) -> str:
    """Give the first character that a feed cannot hold, as ``U+000B``; empty for none."""
    if text.replace("\n", "").isprintable():  # as nearly always; to search takes twice as long
        return ""
    found = _ILLEGAL.search(text)
    return f"U+{ord(found.group()):04X}" if found else ""


def is_file_url(url: str) -> bool:
    """Tell whether every player can fetch it: http or https, ASCII path, no query."""
    return _FILE_URL.match(url) is not None


def is_page_url(url: str) -> bool:
    """Tell whether it is a plain web address in ASCII."""
    return _PAGE_URL.match(url) is not None


def is_plain_line(text: str) -> bool:
    """Tell quickly that ``check_value`` has nothing against a text; it may have nothing where not.

    What Python counts as printable is no control character, no surrogate, nor U+FFFE or U+FFFF,
    and its only space is U+0020.
    """
    return (
        text.isprintable()
        and 0 < len(text) <= MAX_VALUE_LETTERS
        and text[0] != " "
        and text[-1] != " "
    )


def is_short_text(text: str) -> bool:
    """Tell quickly that ``check_description`` has nothing against a text, as ``is_plain_line``."""
    return (
        len(text) <= _SURE_LETTERS
        and text.replace("\n", "").isprintable()
        and not text.isspace()
        and bool(text)
    )


def as_html(text: str) -> str:
    """Give plain text as the HTML that a feed's description is read as."""
    return html.escape(text, quote=False)


def check_characters(text: str, *, where: str) -> None:
    """Refuse text that no XML can hold.

    Raises:
        ProductionError: a control character, a lone surrogate, U+FFFE or U+FFFF stands in it.
    """
    character = illegal_character(text)
    if character:
        raise ProductionError(
            f"the text holds the character {character}, which no feed can carry",
            where=where,
            remedy="delete the character in the file that the text comes from",
        )


def check_value(text: str, *, where: str) -> None:
    """Refuse a title, name or slug that players cut, hide or lay out over several lines.

    Raises:
        ProductionError: it is empty, over 255 characters, has outer spaces or a line break, or
            holds a character that no feed can carry.
    """
    check_characters(text, where=where)
    if not text.strip():
        raise ProductionError("the text is empty", where=where, remedy="write it")
    if text != text.strip() or "\n" in text or "\t" in text:
        raise ProductionError(
            "the text has a line break, a tab or spaces around it",
            where=where,
            remedy="write it on one line, without spaces before and after",
        )
    if len(text) > MAX_VALUE_LETTERS:
        raise ProductionError(
            f"the text has {len(text)} characters; podcast directories take {MAX_VALUE_LETTERS}",
            where=where,
            remedy="shorten it",
        )


def check_description(text: str, *, where: str) -> None:
    """Refuse a description that directories would cut, and with it the validity date at its end.

    Raises:
        ProductionError: it is empty, over 4000 bytes as written, or holds a character that no
            feed can carry.
    """
    check_characters(text, where=where)
    if not text.strip():
        raise ProductionError("the description is empty", where=where, remedy="write it")
    length_bytes = len(as_html(text).encode("utf-8"))
    if length_bytes > MAX_DESCRIPTION_BYTES:
        raise ProductionError(
            f"the description has {length_bytes} bytes; podcast directories take "
            f"{MAX_DESCRIPTION_BYTES}, and would cut off the validity date at its end",
            where=where,
            remedy="shorten it; a letter of Arabic has two bytes, one of Amharic three",
        )


def check_file_url(url: str, *, where: str) -> None:
    """Refuse the address of a file that some player cannot fetch.

    Raises:
        ProductionError: not http or https, or with spaces, a query, or letters beyond ASCII.
    """
    if not is_file_url(url):
        raise ProductionError(
            f"some players cannot fetch the address {url!a}",
            where=where,
            remedy="use https, and letters a-z, digits, dots, - and _ between slashes; no query",
        )


def check_page_url(url: str, *, where: str) -> None:
    """Refuse the address of a page that is no plain web address.

    Raises:
        ProductionError: not http or https, or with spaces, quotes or letters beyond ASCII.
    """
    if not is_page_url(url):
        raise ProductionError(
            f"{url!a} is not a web address in ASCII",
            where=where,
            remedy="begin with https:// and write other letters as the browser's address bar "
            "copies them (%C3%B1)",
        )
