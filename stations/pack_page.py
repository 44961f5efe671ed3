"""``index.html``: the pack on a phone or a computer, from a stick, without a network.

Without a program it is a list with players, links and the words of each message. With one it is
read in the language of the telephone, and says whether it is genuine, altered, out of date or
withdrawn. What it plays and calls genuine lies within it: base64 of the very files of the pack,
frames apart from tags, so that messages that did not change are the same bytes in the next pack.
Nothing is fetched; the content security policy allows the page's own program and style alone.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from html.parser import HTMLParser

from programme.digests import canonical_json, digest_text
from programme.units import LanguageTag
from stations.pack_plan import PackEdition, PackFile, PackPlan, PackRequest, Track
from stations.page_document import (
    SHARE,
    has_shares,
    language_at,
    papers_to_print,
    render_document,
    shown,
    trusted_comment,
)
from stations.page_sound import embedded_tracks, embeds, sound_blocks
from stations.phrases import (
    Phrases,
    direction,
    language_name,
    phrased_languages,
    phrases_for,
    phrases_in,
)
from stations.plain_text import isolate, length, one_line
from stations.recall import recall_lines
from stations.script_text import labelled
from stations.templates import fill, page_part, policy_hash, style_hash

PROGRAM = ("sha256.js", "blake2b.js", "ed25519.js", "minisig.js", "page_check.js", "page_view.js")
"""The page's program, in order; the first four know nothing of pages."""

_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*")')
_OPEN_END = re.compile(r"([;{,(&|?:=])\n")
_BLANKS = re.compile(r" ?([-=+*/<>!&|?:,;{}()\[\]^]+) ?")

WORDS = (
    *("date", "months", "list_comma", "heading", "valid_until", "never_after", "station"),
    *("publisher", "website", "questions", "pack", "licence", "demo", "synthetic", "draft"),
    *("recall", "recall_line", "recall_withdrawn", "recall_corrected"),
    *("recall_expired", "recall_reason", "recall_file", "recall_file_replaced"),
    *("recall_file_unknown", "script", "episode", "duration", "total"),
    *("language", "messages", "listen", "transcript", "checking", "genuine", "genuine_text"),
    *("words_only", "words_only_text", "expired_title", "expired_text", "altered", "altered_text"),
    *("withdrawn", "withdrawn_text", "unsigned", "unsigned_text", "unable", "unable_text"),
    *("clock", "clock_text", "key", "key_text", "state_good", "state_unchecked"),
    *("expired_warning", "clock_warning", "hear_anyway"),
    *("cannot_play", "new", "changed", "news", "news_since", "news_none"),
    *("news_gone", "delete", "check_files", "check_files_text", "choose_folder", "choose_files"),
    *("files_done", "files_good", "files_altered", "files_missing", "files_unknown"),
    *("files_withdrawn", "pass_on", "pass_on_page", "pass_on_folder", "pass_on_share"),
    *("pass_on_rule", "papers", "run_sheet", "card", "contact", "sign_notice", "sign_demo"),
    "sign_synthetic",
)
"""The phrases that the page's program knows, in every language that has them."""


def render_page(
    request: PackRequest,
    plan: PackPlan,
    files: Sequence[PackFile],
    sounds: Mapping[str, bytes],
) -> bytes:
    """Render the page: UTF-8, LF, since a browser's reading of its words is what is signed.

    Args:
        request: what was asked for; its signer signs the page's words.
        plan: where it lies.
        files: every file of the pack that is known before the page, sound included.
        sounds: the files of ``embedded_tracks`` by path.

    Raises:
        ValueError: the sound of other tracks was given.
    """
    embedded = embeds(plan)
    if set(sounds) != {track.path for track in embedded_tracks(plan)}:
        raise ValueError("a page holds the sound of all messages or of none")
    first = phrases_for(plan.languages[0], plan.languages, request.network.source_language)
    plain = fill("pack_plain.html", _plain(request, plan, files, first, embedded=embedded))
    document = render_document(
        request, plan, files, text_digest=digest_text(_text(plain)), embedded=embedded
    )
    signature = key = ""
    if request.signer is not None:
        key = request.signer.public.text
        signature = request.signer.sign(
            document.encode("utf-8"),
            trusted=trusted_comment(request, plan),
            untrusted="signature of the words within this page",
        ).decode("utf-8")
    script = _program()
    values: dict[str, object] = {
        "language": first.language,
        "direction": direction(first.language),
        "title": first("heading", network=one_line(request.network.name)),
        "style_hash": style_hash("pack.html"),
        "script_hash": policy_hash(script),
        "script": script,
        "plain": plain,
        "words": _words(),
        "document": document,
        "signature": signature,
        "key": key,
        "sounds": [{"path": path, "blocks": sound_blocks(data)} for path, data in sounds.items()],
    }
    return fill("pack.html", values).encode("utf-8")


def _plain(
    request: PackRequest,
    plan: PackPlan,
    files: Sequence[PackFile],
    say: Phrases,
    *,
    embedded: bool,
) -> dict[str, object]:
    """Give what the page says without a program, in the pack's first language."""
    network = request.network
    present = {track.path: track.item.edition.title for track in plan.tracks}
    website = one_line(network.website)
    way = direction(say.language)
    return {
        "say": say,
        "heading": say("heading", network=one_line(network.name)),
        "valid_until": say("valid_until", date=say.day(plan.valid_until)),
        "demo": plan.demo,
        "synthetic": plan.synthetic_voice,
        "draft": say("draft") if plan.draft_voice else "",
        "recalled": [line.strip() for line in recall_lines(request.recalls, present, say)],
        "groups": _groups(request, plan),
        "pass_on": say("pass_on_page" if embedded else "pass_on_folder"),
        "share": say("pass_on_share", folder=isolate(f"{SHARE}…", way))
        if has_shares(files)
        else "",
        "papers": [
            {"path": path, "title": " · ".join([say(key), *([language_name(tag)] if tag else [])])}
            for key, path, tag in papers_to_print(plan, files)
        ],
        "publisher": say("publisher", network=one_line(network.name)),
        "contact": one_line(network.role_address),
        "contact_label": say("questions", address=""),
        "website": website,
        "website_label": say("website", website=""),
        "website_linked": website.lower().startswith(("https://", "http://")),
        "pack": say(
            "pack", pack=plan.pack_id, serial=str(request.serial), date=say.day(request.issued)
        ),
        "licence": say("licence", licence=one_line(f"{network.licence} {network.licence_url}")),
    }


def _groups(request: PackRequest, plan: PackPlan) -> list[dict[str, object]]:
    """Give the tracks under the languages that are heard in them, in play order."""
    groups: dict[tuple[LanguageTag, ...], list[Track]] = {}
    for track in plan.tracks:
        groups.setdefault(track.item.languages, []).append(track)
    found: list[dict[str, object]] = []
    for languages, tracks in groups.items():
        say = phrases_for(languages[0], plan.languages, request.network.source_language)
        found.append(
            {
                "language": languages[0],
                "direction": direction(languages[0]),
                "fixed": say.language,
                "fixed_direction": direction(say.language),
                "name": " · ".join(language_name(tag) for tag in languages),
                "open_file": say("open_file"),
                "transcript": say("transcript"),
                "messages": [_item(plan, track, say) for track in tracks],
            }
        )
    return found


def _item(plan: PackPlan, track: Track, say: Phrases) -> dict[str, object]:
    edition = track.item.edition
    return {
        "path": track.path,
        "title": shown(edition.title, edition.language),
        "facts": " · ".join(
            [
                say("duration", duration=length(edition.duration_ms)),
                *([say("sign_notice")] if track.item.notice is not None else []),
                *([say("sign_demo")] if edition.demo else []),
                *([say("sign_synthetic")] if edition.synthetic_voice else []),
            ]
        ),
        "valid_until": say("valid_until", date=say.day(track.item.last_day or plan.valid_until)),
        "paragraphs": _paragraphs(track.item),
    }


def _paragraphs(item: PackEdition) -> list[dict[str, str]]:
    found: dict[tuple[str, int, str], list[str]] = {}
    for caption in item.edition.captions:
        language = language_at(item, caption)
        key = (str(language), caption.paragraph, caption.speaker)
        found.setdefault(key, []).append(shown(caption.text, language))
    return [
        {
            "language": language,
            "direction": direction(language),
            "text": labelled(speaker, " ".join(sentences)),
        }
        for (language, _, speaker), sentences in found.items()
    ]


@cache
def _program() -> str:
    """Give the page's program without comments and needless blanks: it is in every pack."""
    lines = (line.strip() for name in PROGRAM for line in page_part(name).splitlines())
    tight = (_tight(line) for line in lines if line and not line.startswith("//"))
    # No line ends by itself behind one of these signs.
    joined = _OPEN_END.sub(r"\1", "\n".join(tight))
    return f'"use strict";(()=>{{\n{joined}\n}})();\n'


def _tight(line: str) -> str:
    """Leave out blanks beside signs, but not within quotes; our programs have no ``a - -b``."""
    parts = _QUOTED.split(line.partition("  //")[0])
    return "".join(
        part if place % 2 else _BLANKS.sub(r"\1", part) for place, part in enumerate(parts)
    )


@cache
def _words() -> str:
    """Give the page's words as JSON that can stand within a page."""
    rows: list[list[str]] = []
    for tag in phrased_languages():
        say = phrases_in(tag)
        if say is None:
            raise ValueError(f"{tag} has no phrases")
        rows.append([tag, language_name(tag), direction(tag), *(say.table[key] for key in WORDS)])
    # The names of the phrases once, and not in each language: a sixth of the page.
    return canonical_json([["", "name", "direction", *WORDS], *rows]).replace("<", r"\u003c")


class _Words(HTMLParser):
    """The text of markup, as ``textContent`` gives it (DOM, 4.4)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep a stretch of text."""
        self.text.append(data)


def _text(markup: str) -> str:
    words = _Words()
    words.feed(markup)
    words.close()
    return "".join(words.text)
