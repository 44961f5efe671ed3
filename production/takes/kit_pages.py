"""The pages of a recording kit: a sheet to print, a page that records, and a table.

Each page is one file that fetches nothing: its content security policy allows its own style and
its own program, by their hashes, and no network at all.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from production.page_text import fill, page_data, page_part, page_program, policy_hash
from production.takes.kit import KitPart, Prompt, TakeKit
from production.takes.kit_words import KIT, KitWords, language_name, page_words
from production.takes.prompts import PromptLine
from programme.digests import digest_bytes
from programme.languages import language
from programme.units import LanguageTag
from scripts.csv_text import render_csv
from scripts.lexicon import Pronunciation
from scripts.take_kit_file import render_kit

PROGRAM = ("record_zip.js", "record_store.js", "record_sound.js", "record_page.js")
"""The parts of the recording page's program, in order."""

_ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def zip_name(kit: TakeKit) -> str:
    """Give the name of the ZIP that the recording page hands over."""
    return f"altavoz_{kit.kit.network}_{kit.language}_takes.zip"


def render_sheet(kit: TakeKit) -> bytes:
    """Render the sheet that is printed: prompts.html."""
    style = page_part("prompts.css")
    values = _values(kit) | {"style": style, "style_hash": policy_hash(style)}
    return fill("prompts.html", values).encode("utf-8")


def render_recorder(kit: TakeKit) -> bytes:
    """Render the page that records: record.html."""
    style = page_part("record.css")
    script = page_program(*PROGRAM)
    values = _values(kit)
    data = {
        "id": digest_bytes(render_kit(kit.kit))[:16],
        "file": render_kit(kit.kit).decode("utf-8"),
        "zip": zip_name(kit),
        "words": [
            {key: one[key] for key in ("language", "direction", "texts")} for one in values["words"]
        ],
    }
    values |= {
        "style": style,
        "style_hash": policy_hash(style),
        "script": script,
        "script_hash": policy_hash(script),
        "data": page_data(data),
    }
    return fill("record.html", values).encode("utf-8")


def render_table(kit: TakeKit) -> bytes:
    """Render the prompts as CSV that a spreadsheet opens and runs nothing of: prompts.csv."""
    words = page_words(KIT, kit.language, kit.source)[0]
    named = {"language": language_name(kit.language, words)}
    translated = any(_is_translated(kit, part) for part in kit.parts)
    rows = [
        [
            words("column_number"),
            words("column_file"),
            words("column_segment"),
            words("column_source", **named) if translated else words("column_text"),
            words("column_spoken"),
            words("column_notes"),
            words("done"),
        ]
    ]
    for part in kit.parts:
        rows += [_row(part, prompt) for prompt in part.prompts]
    return render_csv(rows)


def _row(part: KitPart, prompt: Prompt) -> list[str]:
    spoken = [line.spoken for line in prompt.lines if line.spoken]
    notes = [_note(note) for line in prompt.lines for note in line.notes]
    cells = [
        str(prompt.number),
        prompt.name.stem,
        part.title,
        "\n".join(_with_speaker(line) for line in prompt.lines),
        "\n".join(spoken),
        "; ".join(dict.fromkeys(notes)),
        "",
    ]
    return [cell.translate(_ISOLATES) for cell in cells]


def _values(kit: TakeKit) -> dict[str, Any]:
    words = [_words(kit, one) for one in page_words(KIT, kit.language, kit.source)]
    return {
        "words": words,
        "first": words[0],
        "network": kit.network_name,
        "language": kit.language,
        "endonym": language(kit.language).endonym,
        "count": len(kit.prompts),
        "whole": any(not prompt.name.line for prompt in kit.prompts),
        "any_translated": any(_is_translated(kit, part) for part in kit.parts),
        "parts": [_part(kit, part) for part in kit.parts],
    }


def _words(kit: TakeKit, words: KitWords) -> dict[str, Any]:
    """Give the words of one language, filled in as far as they are the same all over the kit."""
    known = {
        "language": language_name(kit.language, words),
        # "Spanish": whose Spanish it is says nothing to whoever reads it
        "source": language_name(LanguageTag(kit.source.partition("-")[0]), words),
        "count": str(len(kit.prompts)),
        "minutes": str(kit.minutes),
    }
    texts = words.plain()
    for key in ("heading", "sheet_heading", "count", "translate", "column_source"):
        texts[key] = words(key, **known)
    return {
        "language": words.language,
        "direction": words.direction,
        "texts": texts,
        "how": words.several("how"),
    }


def _part(kit: TakeKit, part: KitPart) -> dict[str, Any]:
    return {
        "title": part.title,
        "read_from": part.read_from,
        "direction": language(part.read_from).direction,
        "translated": _is_translated(kit, part),
        "prompts": list(_prompts(part.prompts)),
    }


def _prompts(prompts: Sequence[Prompt]) -> Iterator[dict[str, Any]]:
    for prompt in prompts:
        yield {
            "stem": prompt.name.stem,
            "number": prompt.number,
            "changed": prompt.changed,
            "reason": prompt.reason,
            "lines": [shown_line(line) for line in prompt.lines],
        }


def _with_speaker(line: PromptLine) -> str:
    return f"{line.speaker}: {line.text}" if line.speaker else line.text


def shown_line(line: PromptLine) -> dict[str, Any]:
    """Give one sentence as templates take it."""
    return {
        "speaker": line.speaker,
        "text": line.text,
        "spoken": line.spoken,
        "notes": [_note(note) for note in line.notes],
        "begins_paragraph": line.begins_paragraph,
    }


def _note(entry: Pronunciation) -> str:
    """Say how a word is said: Tenosique: te nosique /tenoˈsike/ (a town in Tabasco)."""
    said = " ".join(part for part in (entry.say, f"/{entry.ipa}/" if entry.ipa else "") if part)
    note = f"({entry.note})" if entry.note else ""
    return " ".join(part for part in (f"{entry.written}:", said, note) if part)


def _is_translated(kit: TakeKit, part: KitPart) -> bool:
    """Tell whether the words are another language's, and are to be said in the kit's."""
    return part.read_from != kit.language
