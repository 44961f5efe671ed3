"""Texts of a feed: length, outer spaces, markup where none belongs, and markup that runs.

Limits are Apple's (https://podcasters.apple.com/support/823-podcast-requirements). A description
is read as HTML, a title as plain text (RSS Advisory Board, best practices profile).
"""

import html
import re

from feeds.check_faults import Element, Faults, quoted
from feeds.text_limits import MAX_DESCRIPTION_BYTES, MAX_VALUE_LETTERS

_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>?")
_NAMED = re.compile(r"</?\s*([A-Za-z][A-Za-z0-9:-]*)")
_RUNS = frozenset(
    [
        "script",
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "style",
        "link",
        "meta",
        "base",
        "form",
        "input",
        "button",
        "textarea",
        "video",
        "audio",
        "template",
        "portal",
    ]
)
_HANDLER = re.compile(r"[\s\"'/]on[a-z]{3,}\s*=", re.IGNORECASE)
_SCHEME = re.compile(r"=[\s\"']*(?:javascript|vbscript|data|livescript):", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\u200b-\u200f\u2060\ufeff]+")
_HTML_IN_TITLE = re.compile(
    r"</?(?:a|b|i|p|br|em|strong|span|div|u|small|big|font|h[1-6]|ul|ol|li|img|blockquote|sup|sub)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TWICE_IN_TITLE = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-fA-F]{1,6});")
_TWICE_IN_HTML = re.compile(r"&amp;(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-fA-F]{1,6});")


def check_value(element: Element, text: str, faults: Faults) -> None:
    """Judge a text that players show on one line."""
    if len(text) > MAX_VALUE_LETTERS and len(text.strip()) > MAX_VALUE_LETTERS:
        said = f"{name_of(element)} has {len(text)} characters"
        faults.append(("feed-text.length", element, said))
    if text[0] <= " " or text[-1] <= " " or text[0] == "\xa0" or text[-1] == "\xa0":
        check_spaces(element, text, faults)


def check_spaces(element: Element, text: str, faults: Faults) -> None:
    """Judge spaces around a text; a text of nothing else is empty, which others say."""
    if text.strip() and text != text.strip():
        faults.append(("feed-text.spaces", element, f"{name_of(element)} has spaces around it"))


def check_title(element: Element, text: str, faults: Faults) -> None:
    """Judge a text that is shown as it stands."""
    if "<" in text:
        running = what_runs(text)
        if running:
            said = f"{name_of(element)} holds markup that runs: {quoted(running)}"
            faults.append(("feed-text.script", element, said))
        elif _HTML_IN_TITLE.search(text):
            said = f"{name_of(element)} holds HTML, which is shown as it stands: {quoted(text)}"
            faults.append(("feed-text.markup", element, said))
    if "&" in text:
        twice = _TWICE_IN_TITLE.search(text)
        if twice:
            said = f"{name_of(element)} shows {twice.group()} to listeners"
            faults.append(("feed-text.escaped-twice", element, said))


def check_html(element: Element, text: str, faults: Faults, *, bounded: bool) -> None:
    """Judge a text that is read as HTML; ``bounded`` holds it to the length of a description."""
    if bounded and len(text) * 4 > MAX_DESCRIPTION_BYTES:
        length_bytes = len(text.encode("utf-8"))
        if length_bytes > MAX_DESCRIPTION_BYTES:
            said = f"{name_of(element)} has {length_bytes} bytes"
            faults.append(("feed-text.description-length", element, said))
    if text[0] <= " " or text[-1] <= " ":
        check_spaces(element, text, faults)
    if "<" in text:
        running = what_runs(text)
        if running:
            said = f"{name_of(element)} holds markup that runs: {quoted(running)}"
            faults.append(("feed-text.script", element, said))
    if "&" in text:
        twice = _TWICE_IN_HTML.search(text)
        if twice:
            said = f"{name_of(element)} shows {html.unescape(twice.group())} to listeners"
            faults.append(("feed-text.escaped-twice", element, said))


def what_runs(text: str, besides: frozenset[str] = frozenset()) -> str:
    """Give the first tag that does more than lay out text, ``besides`` some; empty for none."""
    for found in _TAG.finditer(text):
        tag = found.group()
        name = _NAMED.match(tag)
        if name is None:
            continue
        plain = html.unescape(tag)
        if (
            name.group(1).lower() in _RUNS - besides
            or _HANDLER.search(plain)
            or _SCHEME.search(_UNSEEN.sub("", plain))
        ):
            return tag
    return ""


def name_of(element: Element) -> str:
    """Give an element's name as the feed writes it."""
    name = str(element.tag).rpartition("}")[2]
    return f"{element.prefix}:{name}" if element.prefix else name
