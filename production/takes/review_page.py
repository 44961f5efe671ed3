"""The page on which takes are heard and decided: one file with its sound, that fetches nothing.

The sound stands in the page, as MP3 in data: addresses, and not beside it: who can judge a take
speaks its language, is often somewhere else, and gets one file by mail or by telephone.
"""

import base64
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from production.page_text import fill, page_data, page_part, page_program, policy_hash
from production.takes.kit_pages import shown_line
from production.takes.kit_words import REVIEW, KitWords, language_name, page_words
from production.takes.review import TakeToHear
from production.takes.words import fault_words
from programme.digests import Plain, canonical_json, digest_text
from programme.errors import ExitCode, ProductionError
from programme.languages import language
from programme.storage import storage_errors
from programme.takes import TakeFault, TakeQuality
from programme.units import LanguageTag
from scripts.take_decisions import DECISIONS_FILE
from scripts.take_names import TakeName
from scripts.workspace import Workspace

_MARK = b'content="altavoz takes review"'
_MARK_WITHIN = 2_000
"""Bytes from the beginning of a page."""
_HEIGHT = 50
"""Of half the drawn wave."""


def render_review(workspace: Workspace, takes: Sequence[TakeToHear]) -> bytes:
    """Render the page; the same takes give the same bytes."""
    source = workspace.network.source_language
    tags = tuple(dict.fromkeys(take.language for take in takes))
    reader = tags[0] if len(tags) == 1 else source
    words = [_words(one, tags, source, takes) for one in page_words(REVIEW, reader, source)]
    style = page_part("record.css") + page_part("review.css")
    script = page_program("review_page.js")
    rows: list[Plain] = [
        {
            "segment": take.segment,
            "language": take.language,
            "line": take.line,
            "heard": take.digest,
        }
        for take in takes
    ]
    data = {
        "id": "altavoz-review-" + digest_text(canonical_json(rows))[:16],
        "network": workspace.network.id,
        "file": DECISIONS_FILE,
        "takes": rows,
        "words": words,
    }
    values = {
        "style": style,
        "style_hash": policy_hash(style),
        "script": script,
        "script_hash": policy_hash(script),
        "data": page_data(data),
        "words": words,
        "first": words[0],
        "network": workspace.network.name,
        "count": len(takes),
        "parts": list(_parts(takes, words[0])),
    }
    return fill("review.html", values).encode("utf-8")


def refuse_page_place(place: Path) -> None:
    """Refuse a place at which something else than such a page stands.

    Raises:
        ProductionError: it does, or it cannot be read.
    """
    if not place.exists():
        return
    with storage_errors(place), place.open("rb") as file:
        if _MARK in file.read(_MARK_WITHIN):
            return
    raise ProductionError(
        "something else stands here already",
        where=str(place),
        remedy="name another file with --out",
        code=ExitCode.USAGE,
    )


def _words(
    words: KitWords, tags: Sequence[LanguageTag], source: LanguageTag, takes: Sequence[TakeToHear]
) -> dict[str, Any]:
    """Give the words of one language, filled in as far as they are the same all over the page."""
    texts = words.plain()
    names = {tag: language_name(tag, words) for tag in tags}
    if len(tags) == 1:
        texts["heading"] = words("heading", language=names[tags[0]])
    else:
        texts["heading"] = words("heading_all")
    texts["count"] = words("count", count=len(takes))
    for fault in TakeFault:
        texts[f"fault_{fault.value}"] = " ".join(fault_words(fault, words.language))
    texts["save_hint"] = words("save_hint", name=DECISIONS_FILE)
    return {
        "language": words.language,
        "direction": words.direction,
        "texts": texts,
        "reasons": words.several("reasons"),
        "names": names,
        "source": language_name(LanguageTag(source.partition("-")[0]), words),
    }


def _parts(takes: Sequence[TakeToHear], words: dict[str, Any]) -> Iterator[dict[str, Any]]:
    numbers = iter(range(1, len(takes) + 1))
    for (segment, tag), group in groupby(takes, key=lambda take: (take.segment, take.language)):
        found = list(group)
        first = found[0]
        names = {"language": words["names"][tag], "source": words["source"]}
        yield {
            "segment": segment,
            "title": first.title,
            "language": tag,
            "endonym": language(tag).endonym,
            "read_from": first.read_from,
            "direction": language(first.read_from).direction,
            "translated": first.read_from != tag,
            "told": words["texts"]["translated"].format(**names),
            "takes": [_take(take, next(numbers), words) for take in found],
        }


def _take(take: TakeToHear, number: int, words: dict[str, Any]) -> dict[str, Any]:
    texts = words["texts"]
    verdict = take.verdict.value if take.verdict is not None else "none"
    figures = _figures(take.copy.quality)
    return {
        "number": number,
        "stem": TakeName(segment=take.segment, language=take.language, line=take.line).stem,
        "lines": [shown_line(line) for line in take.lines],
        "width": max(1, len(take.copy.shape)),
        "wave": wave_path(take.copy.shape),
        "mp3": base64.b64encode(take.copy.mp3).decode("ascii"),
        "listen": texts["listen"].format(number=number),
        "verdict": verdict,
        "verdict_text": texts[f"verdict_{verdict}"],
        "faults": [{"name": name, "text": texts[f"fault_{name}"]} for name in take.faults],
        "figures": texts["figures"].format(**figures),
        "figures_json": canonical_json({**figures}),
        "may_air": take.copy.may_air,
    }


def wave_path(shape: Sequence[float]) -> str:
    """Draw a wave as bars about the middle, each a unit wide, in a box of 100 units' height."""
    bars = []
    for place, peak in enumerate(shape):
        half = max(1, round(peak * _HEIGHT))
        bars.append(f"M{place} {_HEIGHT - half}h1v{2 * half}h-1z")
    return "".join(bars)


def _figures(quality: TakeQuality) -> dict[str, str]:
    return {
        "length": f"{quality.length_s:.1f}",
        "speech": f"{quality.speech_db:.0f}".replace("-", "\u2212") if quality.speech_s else "–",
        "snr": f"{quality.snr_db:.0f}" if quality.snr_db is not None else "–",
    }
