"""Texts that stand in feeds as they are written: told at their line, before anything is built.

A feed that breaks a directory's limits is never sent, so that whoever wrote such a text would
learn of it only when everything else was made. Limits are Apple's
(https://podcasters.apple.com/support/823-podcast-requirements).
"""

import html
import re
from collections.abc import Sequence

from programme.categories import categories
from scripts.fields import Fields
from scripts.late_pattern import LatePattern
from scripts.nodes import Text
from scripts.wording import did_you_mean, listed, shown

TITLE_LETTERS = 255
NAME_LETTERS = 120
"""Of a network or a station: the titles of feeds are made of such names and of other words."""
DESCRIPTION_BYTES = 3600
"""A directory takes 4000, and the validity date, the voices and the sources come behind."""

_MARKUP = LatePattern(
    r"<[A-Za-z/!?][^<>]*>?|&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#x[0-9A-Fa-f]+);|\]\]>"
)

_PAGE_URL = LatePattern(
    r"https?://[A-Za-z0-9.\-]+(?::[0-9]+)?(?:[/?#][!#$%&'()*+,\-./:;=?@\w~]*)?\Z", re.ASCII
)
_BASE_URL = LatePattern(r"https?://[A-Za-z0-9.\-]+(?::[0-9]+)?(?:/[A-Za-z0-9._\-]+)*/?\Z")


def page_url(fields: Fields, key: str, *, required: bool = False) -> str:
    """Give the address of a page that feeds name: programs take ASCII only."""
    url = fields.url(key, required=required)
    if url and not _PAGE_URL.match(url):
        fields.fault(
            fields.line(key),
            "not-url",
            f"{key}: {shown(url)} has letters or signs that no feed can carry",
            "copy it from a browser's address bar: xn-- in the host's name, %C3%B1 after it",
        )
    return url


def is_base_url(url: str) -> bool:
    """Tell whether addresses of files can be made of it that every player fetches."""
    return bool(_BASE_URL.match(url))


def check_feed_text(
    fields: Fields, key: str, line: int, text: str, *, letters: int = 0, length_bytes: int = 0
) -> None:
    """Report markup, tabs and too great length of one text.

    Args:
        fields: the table that holds the text.
        key: as a person finds it: ``title``, ``description: ar``.
        line: of the text.
        text: as it was written.
        letters: the most that it may have; 0 for any.
        length_bytes: the most that it may have in UTF-8, written as HTML; 0 for any.
    """
    markup = _MARKUP.search(text)
    if markup:
        problem = f"{key} holds markup: {shown(markup.group())}"
        fields.fault(line, "text.markup", problem, "write plain words; players show it as it is")
    if letters and "\t" in text:
        fields.fault(line, "one-line", f"{key} holds a tab", "put a space")
    if letters and len(text) > letters:
        problem = f"{key} has {len(text)} letters; podcast directories take {letters}"
        fields.fault(line, "text.long", problem, "shorten it")
    count = len(html.escape(text, quote=False).encode("utf-8"))
    if length_bytes and count > length_bytes:
        fields.fault(
            line,
            "text.long",
            f"{key} has {count} bytes; there is room for {length_bytes} in podcast directories, "
            "with dates and sources",
            "shorten it; a letter of Arabic has two bytes, one of Amharic three",
        )


def check_categories(fields: Fields, names: Sequence[Text]) -> None:
    """Report what is no category of podcast directories."""
    if len(names) > 2:
        problem = f"category has {len(names)} names"
        fields.fault(names[2].line, "feed.category", problem, "name one, and one inside it")
    known = categories()
    first = names[0].value.strip() if names else ""
    for text, choice in zip(names, (known, known.get(first, ())), strict=False):
        name = text.value.strip()
        if name in choice or (text is not names[0] and first not in known):
            continue
        what = "podcast directories" if text is names[0] else first
        otherwise = f"choose one of: {listed(sorted(choice), most=30)}"
        remedy = did_you_mean(name, choice, otherwise) if choice else "leave it out"
        problem = f"category: {shown(name)} is no category of {what}"
        fields.fault(text.line, "feed.category", problem, remedy)
