"""The lexicon: how single words are said, by language and voice.

Two stages. What holds for everybody (an acronym, an abbreviation, a respelling without voices)
is applied when a script is parsed, so that ``Sentence.spoken`` is what voices and people say.
What one voice misreads is applied where that voice is planned, to the words of that sentence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from programme.digests import digest_text
from programme.units import Digest, LanguageTag
from scripts.abbreviations import builtin_entries, habits_of
from scripts.normal_text import normal
from scripts.rules_words import counts_words
from scripts.word_table import Spoken, WordTable, key_of


class WordKind(StrEnum):
    """What sort of word an entry is about."""

    NAME = "name"
    PLACE = "place"
    ACRONYM = "acronym"
    ABBREVIATION = "abbreviation"
    WORD = "word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronunciation:
    """One entry of a lexicon."""

    written: str
    """As it stands in a script, one or more words; NFC."""
    say: str = ""
    """How it is said, in the language's own spelling; empty where only ``ipa`` is known."""
    ipa: str = ""
    """In the International Phonetic Alphabet, for other programs and for people who record: no
    voice here takes it (espeak-ng reads mnemonics of its own, gTTS neither)."""
    voices: tuple[str, ...] = ()
    """``espeak`` or ``espeak/es-419``: the voices that need it; empty for everybody."""
    kind: WordKind = WordKind.NAME
    exact: bool = False
    """Whether capitals must agree."""
    full: tuple[str, ...] = ()
    """What it stands for. A script that uses an acronym should say one of these once; for an
    abbreviation that can mean several things, and has no ``say``, what to write instead."""
    one: str = ""
    """How a unit is said after a word for one; for built-in entries."""
    note: str = ""
    line: int = 0

    @property
    def key(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What two entries of a file cannot share: the word as it is looked up, and the voices."""
        return key_of(self.written, exact=self.exact), self.voices


Entries = Mapping[LanguageTag, tuple[Pronunciation, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The built-in pronunciations, with a workspace's own over them."""

    own: Entries = field(default_factory=dict)
    """What the workspace wrote, by the tag of its file."""
    digest: Digest = field(default_factory=lambda: digest_text(""))
    """Of the bytes of the workspace's files."""
    tables: dict[tuple[str, ...], WordTable] = field(
        default_factory=dict, compare=False, repr=False
    )
    """Answers kept: the table of a language, and of a language and voice."""

    def __reduce__(self) -> tuple[object, ...]:
        """Cross to a worker process without the answers."""
        return (_rebuild, (dict(self.own), self.digest))

    def spoken(self, text: str, language: LanguageTag) -> str:
        """Give a line as it is said, whoever says it; single spaces between its words."""
        return self.table(language).spoken(text)

    def for_voice(self, text: str, language: LanguageTag, engine: str, voice: str) -> str:
        """Give a line that is ready to be said, spelled so that one voice reads it rightly.

        Args:
            text: ``Sentence.spoken``.
            language: of the line.
            engine: such as espeak.
            voice: the engine's own name of it; variants (es-419+f3) share their voice's entries.
        """
        base = voice.partition("+")[0]
        names = (language, engine, base)
        table = self.tables.get(names)
        if table is None:
            table = self.tables[names] = _voice_table(self, language, engine, base)
        return table.spoken(text)

    def table(self, language: LanguageTag) -> WordTable:
        """Give what is said by everybody in a language."""
        table = self.tables.get((language,))
        if table is None:
            rows = _for_everybody(builtin(language), self.own_of(language))
            table = self.tables[language,] = _table(language, map(_spoken, rows))
        return table

    def own_of(self, language: LanguageTag) -> tuple[Pronunciation, ...]:
        """Give the workspace's entries that serve a tag: of es-419.yml over those of es.yml."""
        found: dict[object, Pronunciation] = {}
        for tag in _chain(language):
            for entry in self.own.get(tag, ()):
                found[entry.key] = entry
        return tuple(found.values())


def _rebuild(own: Entries, digest: Digest) -> Lexicon:
    return Lexicon(own=own, digest=digest)


@cache
def builtin(language: LanguageTag) -> tuple[Pronunciation, ...]:
    """Give the built-in entries of a language, from data/abbreviations.toml and data/lexicon/."""
    return tuple(
        Pronunciation(
            written=normal(row.written, language),
            say=row.say,
            one=row.one,
            voices=row.voices,
            kind=WordKind(row.kind),
            exact=row.exact,
            full=row.full,
        )
        for row in builtin_entries(language.partition("-")[0])
    )


def is_exact(written: str) -> bool:
    """Tell whether capitals must agree where nobody said so: US is not us."""
    return len(written) > 1 and written.isupper()


def _chain(language: LanguageTag) -> list[LanguageTag]:
    """Give the tags that serve a tag, the most general first: es, es-419."""
    parts = language.split("-")
    return [LanguageTag("-".join(parts[: n + 1])) for n in range(len(parts))]


def _for_everybody(
    native: Iterable[Pronunciation], own: Iterable[Pronunciation]
) -> list[Pronunciation]:
    """Give the entries without voices, a workspace's own in place of built-in ones."""
    ours = [entry for entry in own if not entry.voices and entry.say]
    keys = {key_of(entry.written, exact=entry.exact) for entry in ours}
    kept = [
        entry
        for entry in native
        if not entry.voices
        and keys.isdisjoint(key_of(entry.written, exact=exact) for exact in (True, False))
    ]
    return [*kept, *ours]


def _voice_table(lexicon: Lexicon, language: LanguageTag, engine: str, voice: str) -> WordTable:
    """Give what one voice needs: a voice's entry over its engine's, own ones over built-in ones.

    A line comes here with the words that everybody says already in it, so that an entry for a
    voice is looked up by those words too.
    """
    own = lexicon.own_of(language)
    settled = {_plain_key(entry) for entry in own if not entry.voices and entry.say}
    native = [entry for entry in builtin(language) if _plain_key(entry) not in settled]
    said = {_plain_key(e): e.say for e in _for_everybody(builtin(language), own) if e.say}
    found: dict[tuple[str, ...], Spoken] = {}
    for name in (engine, f"{engine}/{voice}"):
        for entry in [*native, *own]:
            if name not in entry.voices or not entry.say:
                continue
            key = _plain_key(entry)
            found[key] = _spoken(entry)
            if key in said:
                found[key_of(said[key], exact=False)] = Spoken(written=said[key], say=entry.say)
    return _table(language, found.values())


def _plain_key(entry: Pronunciation) -> tuple[str, ...]:
    return key_of(entry.written, exact=False)


def _spoken(entry: Pronunciation) -> Spoken:
    return Spoken(
        written=entry.written,
        say=entry.say,
        one=entry.one,
        exact=entry.exact,
        kind=entry.kind.value,
        full=entry.full,
    )


def _table(language: LanguageTag, rows: Iterable[Spoken]) -> WordTable:
    return WordTable(rows, habits_of(language.partition("-")[0]), spaced=counts_words(language))
