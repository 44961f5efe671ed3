"""A workspace's own pronunciations, from lexicon/<tag>.yml.

The form::

    - written: Tenosique
      say: te nosique
      kind: place
    - written: OIM
      say: o i eme
      kind: acronym
      full: la Organización Internacional para las Migraciones
    - written: Oaxaca
      say: Oajaca
      voices: [espeak]

es.yml serves es-419 and every other Spanish; an entry in es-419.yml stands over it. An entry with
``voices`` is for a voice that misreads the word, and changes nothing for people who record.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType

from programme.digests import canonical_json, digest_text
from programme.findings import Findings, Severity
from programme.units import LanguageTag
from scripts.engine_names import ENGINES
from scripts.fields import Fields
from scripts.language_maps import tag_fault
from scripts.lexicon import Lexicon, Pronunciation, WordKind, is_exact
from scripts.nodes import Items, Refused, Table, Text
from scripts.normal_text import normal
from scripts.placeholders import fault_in_words
from scripts.spoken import speaks, spell_month, spell_number
from scripts.text_files import read_text
from scripts.tree import Entry, Tree, yaml_files
from scripts.word_table import EDGES
from scripts.wording import did_you_mean, listed, shown
from scripts.yaml_reading import parse_yaml

FOLDER = "lexicon"
MOST_ENTRIES = 5_000
"""In one file; with more the file was made by a program, and PLS is for that."""
LONGEST = 200
"""Characters of a written form or a respelling."""

_VOICE = re.compile(r"([a-z]+)(?:/([A-Za-z0-9_-]{1,40}))?\Z")
_IPA = re.compile(r"[^\x00-\x1f\x7f-\x9f\[\]{}<>&0-9]{1,200}\Z")


def read_lexicon(
    tree: Tree, languages: Sequence[LanguageTag] | None, findings: Findings
) -> Lexicon:
    """Give the pronunciations of a workspace; every fault of every file is among the findings.

    Args:
        tree: the workspace.
        languages: the network's; None where altavoz.toml could not be read.
        findings: takes what is wrong.
    """
    own: dict[LanguageTag, tuple[Pronunciation, ...]] = {}
    texts: list[list[str]] = []
    for entry in yaml_files(tree, FOLDER):
        text = read_text(entry.path, file=entry.file, findings=findings)
        if text is None:
            continue
        texts.append([entry.name, text])
        if _serves(entry, languages, findings):
            tag = LanguageTag(entry.stem)
            own[tag] = parse_lexicon(text, file=entry.file, language=tag, findings=findings)
    digest = digest_text(canonical_json(texts) if texts else "")
    return Lexicon(own=MappingProxyType(own), digest=digest)


def parse_lexicon(
    text: str, *, file: str, language: LanguageTag, findings: Findings
) -> tuple[Pronunciation, ...]:
    """Give the sound entries of one file, in its order."""
    node = parse_yaml(text, file=file, findings=findings)
    if node is None or isinstance(node, Refused):
        return ()
    if not isinstance(node, Items):
        findings.add(
            file=file,
            line=node.line,
            rule="lexicon.not-list",
            problem="the file is not a list of entries",
            remedy='begin each entry with "- written: WORD" and, below it, "  say: RESPELLING"',
        )
        return ()
    if len(node.items) > MOST_ENTRIES:
        findings.add(
            file=file,
            line=node.items[MOST_ENTRIES].line,
            rule="lexicon.size",
            problem=f"{len(node.items)} entries, and {MOST_ENTRIES} is the most",
            remedy="keep the words that your scripts say",
        )
        return ()
    found: list[Pronunciation] = []
    for item in node.items:
        if isinstance(item, Table):
            entry = _entry(Fields(item, file=file, findings=findings), language)
            if entry is not None:
                found.append(entry)
        elif isinstance(item, (Text, Items)):
            findings.add(
                file=file,
                line=item.line,
                rule="lexicon.not-list",
                problem="this is no entry",
                remedy='write "- written: WORD" and, below it, "  say: RESPELLING"',
            )
    return _distinct(found, file, findings)


def word_fault(word: str, language: LanguageTag) -> str:
    """Say what in a written form or a respelling may not stand there; empty when all may."""
    if len(word) > LONGEST:
        return f"{len(word)} characters, and {LONGEST} is the most"
    if not any(char.isalnum() for char in word):
        return "no letter"
    found = fault_in_words(word, language)
    return f"what a voice cannot say: {found}" if found else ""


def says_number(written: str, language: LanguageTag, *, exact: bool) -> bool:
    """Tell whether a written form is a number or month, as numbers and dates are spoken.

    An entry for one would change telephone numbers and dates wherever they are said.
    """
    known = _number_words(language)
    words = written.split() if exact else written.casefold().split()
    return bool(words) and all(word.strip(EDGES) in known for word in words)


@cache
def _number_words(language: LanguageTag) -> frozenset[str]:
    if not speaks(language):
        return frozenset()
    numbers = (*range(101), *range(200, 1001, 100), 2000, 1_000_000, 2_000_000)
    said = [spell_number(n, language, gender) for n in numbers for gender in ("", "m", "f")]
    said += [spell_month(date(2026, month, 1), language) for month in range(1, 13)]
    words = " ".join(said).casefold().replace("-", " ").split()
    return frozenset(word.strip(EDGES) for word in [*words, *" ".join(said).casefold().split()])


def voice_fault(voice: str) -> str:
    """Say what to write for a voice that is none; empty where it is one."""
    match = _VOICE.match(voice)
    if match is not None and match[1] in ENGINES:
        return ""
    near = did_you_mean(voice.partition("/")[0], ENGINES, f"engines: {listed(ENGINES)}")
    return f"{near}; a single voice is written like espeak/es-419"


def ipa_fault(ipa: str) -> bool:
    """Tell whether a text cannot be a transcription."""
    return _IPA.match(ipa) is None


def _serves(entry: Entry, languages: Sequence[LanguageTag] | None, findings: Findings) -> bool:
    """Tell whether a file's name is a tag that says something to this network."""
    fault = tag_fault(entry.stem, None)
    severity = Severity.ERROR
    if fault is None and languages is not None and not _used(entry.stem, languages):
        # a look-alike of a tag that is used is an error as everywhere else
        fault = tag_fault(entry.stem, languages)
        severity = Severity.WARNING
    if fault is None:
        return True
    findings.add(
        file=entry.file,
        line=0,
        rule=fault.rule,
        severity=severity,
        problem=fault.problem,
        remedy=f"name the file for one of the network's languages, such as {languages[0]}.yml"
        if languages
        else fault.remedy,
    )
    return False


def _used(tag: str, languages: Iterable[LanguageTag]) -> bool:
    return any(f"{language}-".startswith(f"{tag}-") for language in languages)


def _entry(fields: Fields, language: LanguageTag) -> Pronunciation | None:
    """Read one entry; None for one that was reported."""
    written = _words(fields, "written", language, required=True)
    say = _words(fields, "say", language)
    ipa = fields.text("ipa")
    if ipa and ipa_fault(ipa):
        fields.fault(
            fields.line("ipa"),
            "lexicon.ipa",
            f"«{shown(ipa)}» is no transcription",
            "write letters of the International Phonetic Alphabet, without brackets or figures",
        )
    if not say and not ipa and fields.sound:
        fields.fault(
            fields.line("say"),
            "lexicon.empty",
            f"«{shown(written)}» does not say how it is said",
            "write say: with a respelling in the language's own letters",
        )
    kind = fields.word("kind", [kind.value for kind in WordKind])
    exact = fields.flag("exact", default=is_exact(written))
    if written and says_number(written, language, exact=exact):
        fields.fault(
            fields.line("written"),
            "lexicon.number",
            f"«{shown(written)}» is how a number or a month is said",
            "delete the entry: it would change telephone numbers and dates; for a name such as "
            "Cinco de Mayo write exact: yes",
        )
    voices = tuple(sorted(_voices(fields)))
    texts = (" ".join(normal(t.value, language).split()) for t in fields.texts("full"))
    full = tuple(dict.fromkeys(texts))
    note = " ".join(fields.text("note").split())
    if not fields.done():
        return None
    usual = WordKind.ACRONYM if is_exact(written) and not voices else WordKind.NAME
    return Pronunciation(
        written=written,
        say=say,
        ipa=ipa,
        voices=voices,
        kind=WordKind(kind) if kind else usual,
        exact=exact,
        full=full,
        note=note,
        line=fields.table.line,
    )


def _words(fields: Fields, key: str, language: LanguageTag, *, required: bool = False) -> str:
    found = " ".join(normal(fields.text(key, required=required), language).split())
    fault = word_fault(found, language) if found else ""
    if fault:
        fields.fault(
            fields.line(key),
            "lexicon.words",
            f"{key}: «{shown(found)}» holds {fault}",
            "write words only, as they are read aloud: no figures, no signs",
        )
        return ""
    return found


def _voices(fields: Fields) -> list[str]:
    found = []
    for text in fields.texts("voices"):
        voice = text.value.strip()
        fault = voice_fault(voice)
        if fault:
            what = f"there is no voice engine «{shown(voice)}»"
            fields.fault(text.line, "lexicon.voice", what, fault)
        elif voice in found:
            fields.report(text.line, "twice", f"voices has {shown(voice)} twice", "delete one")
        else:
            found.append(voice)
    return found


def _distinct(
    found: Sequence[Pronunciation], file: str, findings: Findings
) -> tuple[Pronunciation, ...]:
    """Report a word that is there twice for the same voice; the first one stands."""
    kept: list[Pronunciation] = []
    first: dict[tuple[tuple[str, ...], str], int] = {}
    for entry in found:
        places = [(entry.key[0], voice) for voice in entry.voices or ("",)]
        taken = [first[place] for place in places if place in first]
        if taken:
            findings.add(
                file=file,
                line=entry.line,
                rule="lexicon.duplicate",
                problem=f"«{shown(entry.written)}» is in line {taken[0]} already",
                remedy="keep one of the two, or give them different voices",
            )
            continue
        first |= dict.fromkeys(places, entry.line)
        kept.append(entry)
    return tuple(kept)
