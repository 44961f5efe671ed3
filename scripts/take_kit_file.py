"""kit.json: which words a set of prompts was made from, so that takes of other words are found.

It lies in the folder that is handed over and in the ZIP that the recording page gives back.
Whoever imports takes compares it with the words of today: a sentence that was changed while
somebody was recording it is stale when it comes home, and is said to be.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from programme.errors import ProductionError
from programme.identifiers import is_id
from programme.languages import is_known
from programme.units import Digest, LanguageTag
from programme.words import Script, TranslationState
from scripts.handed_json import HandedJson
from scripts.review_digests import FactDigests, sentence_digest
from scripts.take_names import WHOLE, TakeName
from scripts.wording import shown
from scripts.workspace import Workspace

KIT_FILE = "kit.json"
KIT_FORMAT = 1
MOST_BYTES = 4_000_000
MOST_PROMPTS = 20_000

_TEXT = re.compile(r"[0-9a-f]{16}\Z")
_WORDS = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class KitPrompt:
    """One sentence to be recorded."""

    name: TakeName
    """Its ``stem`` is what the file is called."""
    text: str
    """``sentence_digest`` of the words as spoken."""
    facts: Mapping[str, str]
    """Every fact and contact that it speaks, with the digest of its value in this language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KitSegment:
    """One segment to be recorded."""

    id: str
    words_digest: Digest
    """Of the script that is read, title and all."""
    read_from: LanguageTag
    """The language of that script: the source's where nobody writes the language itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What was handed over to be recorded in one language."""

    network: str
    """Id of the network."""
    language: LanguageTag
    segments: Mapping[str, KitSegment]
    prompts: tuple[KitPrompt, ...]
    """By segment, then by line."""


def script_to_read(workspace: Workspace, segment: str, language: LanguageTag) -> Script | None:
    """Give the words that a person reads or retells in a language.

    They are the text in that language, else the source's. None where the text has errors, or
    may not be spoken yet because nobody has confirmed it against today's source.
    """
    translation = workspace.translations[segment, language]
    if translation.state is TranslationState.MISSING:
        return workspace.translations[segment, workspace.network.source_language].script
    return translation.script if translation.state.may_air else None


def make_kit(workspace: Workspace, language: LanguageTag, segments: Sequence[str]) -> Kit:
    """Note the words of segments as they are now; those that cannot be read are left out."""
    digests = FactDigests(workspace.factbook)
    found: dict[str, KitSegment] = {}
    prompts: list[KitPrompt] = []
    for segment in segments:
        script = script_to_read(workspace, segment, language)
        if script is None:
            continue
        found[segment] = KitSegment(
            id=segment, words_digest=script.words_digest, read_from=script.language
        )
        prompts += [
            KitPrompt(
                name=TakeName(segment=segment, language=language, line=number),
                text=sentence_digest(sentence),
                facts=MappingProxyType(
                    {fact: digests.of(fact, script.language)[0] for fact in sentence.facts}
                ),
            )
            for number, sentence in enumerate(script.sentences, start=1)
        ]
    return Kit(
        network=workspace.network.id,
        language=language,
        segments=MappingProxyType(found),
        prompts=tuple(prompts),
    )


def render_kit(kit: Kit) -> bytes:
    """Write kit.json: UTF-8, the same kit gives the same bytes."""
    plain = {
        "altavoz_kit": KIT_FORMAT,
        "network": kit.network,
        "language": kit.language,
        "segments": {
            one.id: {"words": one.words_digest, "read_from": one.read_from}
            for one in kit.segments.values()
        },
        "prompts": [
            {
                "segment": prompt.name.segment,
                "line": prompt.name.line,
                "stem": prompt.name.stem,
                "text": prompt.text,
                "facts": dict(prompt.facts),
            }
            for prompt in kit.prompts
        ],
    }
    text = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()


def parse_kit(data: bytes, *, where: str) -> Kit:
    """Read kit.json, which went through strangers' hands.

    Raises:
        ProductionError: it is too long, no JSON, of another format, or says what no kit says.
    """
    file = HandedJson(
        where=where,
        problem="this is not the kit.json of a kit",
        remedy="put the kit.json of the kit back, or leave it out: the files are then matched by "
        "their names alone, and count as the words of today",
    )
    plain = file.table(
        data, most_bytes=MOST_BYTES, marker="altavoz_kit", made_by="altavoz takes kit"
    )
    if plain["altavoz_kit"] != KIT_FORMAT:
        raise ProductionError(
            f"this kit has format {shown(str(plain['altavoz_kit']))}, and this Altavoz reads "
            f"format {KIT_FORMAT}",
            where=where,
            remedy="import it with the Altavoz that made the kit, or a newer one",
        )
    return _kit(plain, file)


def _kit(plain: Mapping[str, Any], file: HandedJson) -> Kit:
    language = file.text(plain, "language")
    rows = plain.get("prompts")
    segments = plain.get("segments")
    if not is_known(language):
        raise file.bad(f"{shown(language)} is no language")
    if not isinstance(segments, dict) or not isinstance(rows, list) or len(rows) > MOST_PROMPTS:
        raise file.bad("its segments or prompts are missing, or too many")
    tag = LanguageTag(language)
    found = {name: _segment(name, row, file) for name, row in segments.items()}
    prompts = tuple(_prompt(row, tag, found, file) for row in rows)
    if len({prompt.name for prompt in prompts}) < len(prompts):
        raise file.bad("it has a prompt twice")
    return Kit(
        network=file.text(plain, "network"),
        language=tag,
        segments=MappingProxyType(found),
        prompts=prompts,
    )


def _segment(name: object, row: object, file: HandedJson) -> KitSegment:
    if not isinstance(name, str) or not is_id(name) or not isinstance(row, dict):
        raise file.bad(f"{shown(str(name))} is no segment")
    words, read_from = file.text(row, "words"), file.text(row, "read_from")
    if not _WORDS.match(words) or not is_known(read_from):
        raise file.bad(f"the digest or language of {name} is wrong")
    return KitSegment(id=name, words_digest=Digest(words), read_from=LanguageTag(read_from))


def _prompt(
    row: object, language: LanguageTag, segments: Mapping[str, KitSegment], file: HandedJson
) -> KitPrompt:
    if not isinstance(row, dict):
        raise file.bad("one of its prompts is none")
    segment, line, facts = row.get("segment"), row.get("line"), row.get("facts")
    text = file.text(row, "text")
    # type() and not isinstance: true is an int
    if segment not in segments or type(line) is not int or not WHOLE < line < MOST_PROMPTS:
        raise file.bad("one of its prompts names no segment or line")
    if not _TEXT.match(text) or not isinstance(facts, dict):
        raise file.bad(f"the digests of {segment}, line {line} are wrong")
    for fact, value in facts.items():
        if not is_id(fact) or not isinstance(value, str) or not (_TEXT.match(value) or not value):
            raise file.bad(f"the facts of {segment}, line {line} are wrong")
    name = TakeName(segment=str(segment), language=language, line=line)
    return KitPrompt(name=name, text=text, facts=MappingProxyType(dict(facts)))
