"""The transcript as a page of its own: who speaks, when, and the words.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/transcripts/transcripts.md: for
each paragraph a ``<cite>``, a ``<time>`` and a ``<p>``. Programs that read it (seen in the source
of transcriptator) look for the three as children of ``<body>``, leave a paragraph without a
``<cite>`` out, and want the file to begin with a comment or ``<html>``: hence the comment before
the doctype, which HTML allows, and a name for the usual voice, which people do not see.

It runs nothing and loads nothing; it opens from a stick as well as from a server.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from html import escape

from feeds.direction import isolate_numbers
from feeds.transcripts import spoken_paragraphs
from feeds.wellformed import check_characters
from programme.editions import Caption
from programme.languages import language as language_of
from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from programme.wording import clock

MEDIA_TYPE = "text/html"

_STYLE = """
:root{color-scheme:light dark}
body{max-width:42rem;margin:0 auto;padding:1rem;font:1.1rem/1.6 system-ui,sans-serif}
h1{line-height:1.25}
cite{font-style:normal;font-weight:bold}
cite[data-same]{display:none}
time{font-variant-numeric:tabular-nums;opacity:.8}
p{margin:.1rem 0 1rem;overflow-wrap:anywhere}
footer{border-top:1px solid;margin-top:2rem;padding-top:1rem;white-space:pre-line}
@media print{body{max-width:none;padding:0}p{break-inside:avoid}}
"""
_STYLE_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode("utf-8")).digest()).decode("ascii")


def render_html(
    title: str, captions: Sequence[Caption], language: LanguageTag, *, about: str = ""
) -> str:
    """Give the words as a page, each paragraph with who says it and when it is heard.

    Args:
        title: of the edition.
        captions: in order, not overlapping.
        language: of the words.
        about: plain text that stands at the end, such as sources and until when it holds.

    Raises:
        ProductionError: a text holds a character that no transcript can carry.
        KeyError: the language is not listed in languages.toml.
    """
    known = language_of(language)
    words, foreign = _words(language)
    for text in (title, about):
        check_characters(text, where="transcript: title or description")

    def shown(text: str) -> str:
        return escape(isolate_numbers(text, rtl=known.rtl), quote=False)

    direction = "rtl" if known.rtl else "ltr"
    kind = (
        f'<span lang="en" dir="ltr">{words["transcript"]}</span>'
        if foreign
        else (escape(words["transcript"]))
    )
    policy = f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'"
    lines = [
        "<!-- podcast transcript -->",
        "<!DOCTYPE html>",
        f'<html lang="{escape(language)}" dir="{direction}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{shown(title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        f"<header><div>{kind}</div><h1>{shown(title)}</h1></header>",
    ]
    before = ""
    for start_ms, speaker, text in spoken_paragraphs(captions):
        name = speaker or words["voice"]
        marks = " data-same" if speaker == before else ""
        marks += ' lang="en"' if foreign and name == words["voice"] else ""
        lines += [
            f"<cite{marks}>{shown(name)}:</cite>",
            f'<time datetime="PT{start_ms // 1000}S">{clock(start_ms // 1000)}</time>',
            f"<p>{shown(text)}</p>",
        ]
        before = speaker
    if about.strip():
        lines.append(f"<footer>{shown(about.strip())}</footer>")
    lines += ["</body>", "</html>", ""]
    return "\n".join(lines)


def name_voices(captions: Sequence[Caption], language: LanguageTag) -> tuple[Caption, ...]:
    """Give the usual voice a name where others speak too.

    AntennaPod gives words without a speaker to the one before, and so does whoever reads a
    dialogue. Where one voice says all, nothing changes.
    """
    if not any(caption.speaker for caption in captions):
        return tuple(captions)
    usual = _words(language)[0]["voice"]
    return tuple(one if one.speaker else replace(one, speaker=usual) for one in captions)


@cache
def _rows() -> Mapping[str, Mapping[str, str]]:
    return read_toml(package_file("feeds", "transcript_words.toml"))


def _words(tag: LanguageTag) -> tuple[Mapping[str, str], bool]:
    """Give the words of a language, and whether they are English for want of its own."""
    own = _rows().get(tag.partition("-")[0])
    return (own, False) if own else (_rows()["en"], True)
