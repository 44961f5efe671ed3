"""Explaining a rule: why it is there, who says so, what it finds and what it leaves in peace."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from programme.units import LanguageTag
from scripts.house_style import HouseStyle
from scripts.plain_words import plain_words
from scripts.rule_catalogue import READERS, Rule, in_words, rules
from scripts.rules_words import fold_words, words_of
from scripts.term_entries import TermEntry, explain_term
from scripts.wording import maybe_meant, printable

_HEADS = {
    "en": ("Why", "Instead", "Source", "Found", "Left alone", "To silence it, with a reason"),
    "es": ("Por qué", "En su lugar", "Fuente", "Se señala", "Se deja", "Para silenciarla"),
    "fr": ("Pourquoi", "Plutôt", "Source", "Signalé", "Laissé", "Pour la faire taire"),
    "pt": ("Por quê", "Em vez disso", "Fonte", "Apontado", "Deixado", "Para silenciá-la"),
}


_SIMPLER = {"hard-word": "plain.hard-word", "idiom": "plain.idiom"}
"""Groups of phrases that have a simpler word, and their rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A rule in the words of one reader."""

    id: str
    reader: str
    title: str
    reason: str
    advice: str
    source: str
    severity: str
    allow: bool
    bad: tuple[str, ...]
    """Examples that it finds: ``language: text``."""
    good: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Give the explanation as it is read on a terminal."""
        why, instead, source, found, left, silenced = _HEADS[self.reader]
        yield f"{self.id} ({self.severity}): {self.title}"
        yield f"  {why}: {self.reason}"
        yield f"  {instead}: {self.advice}"
        yield f"  {source}: {self.source}"
        for head, texts in ((found, self.bad), (left, self.good)):
            for text in texts:
                yield f"  {head}: {text}"
        if self.allow:
            yield f'  {silenced}: {{{{allow {self.id} reason="…"}}}}'


@dataclass(frozen=True, slots=True, kw_only=True)
class TermExplanation:
    """A concept in the words of one reader: what to say of it, and what not."""

    entry: TermEntry
    reader: str

    def lines(self) -> Iterator[str]:
        """Give the explanation as it is read on a terminal."""
        one, (why, instead, source, found, left, silenced) = self.entry, _HEADS[self.reader]
        weight = f" ({one.severity})" if one.severity else ""
        head = f"«{one.found}», {one.language}: " if one.found else ""
        yield f"terms.{one.concept}{weight}: {head}{one.definition}"
        yield f"  {why}: {one.reason}"
        for words in (one.say or ", ".join(one.use), ", ".join(one.audience_words)):
            if words:
                yield f"  {instead}: {words}"
        yield f"  {source}: {'; '.join(one.sources)}"
        if one.confusable_with:
            yield f"  ≠ {', '.join(one.confusable_with)}"
        for heading, texts in ((found, one.bad), (left, one.good)):
            for text in texts:
                yield f"  {heading}: {text}"
        if one.severity:
            yield f'  {silenced}: {{{{allow terms.{one.concept} reason="…"}}}}'


@dataclass(frozen=True, slots=True, kw_only=True)
class WordExplanation:
    """A word that many listeners do not know, and a simpler one."""

    words: str
    language: str
    say: str
    rule: str
    reader: str

    def lines(self) -> Iterator[str]:
        """Give the explanation as it is read on a terminal."""
        why, instead, source, *_ = _HEADS[self.reader]
        rule = rules()[self.rule]
        yield f"«{self.words}», {self.language} [{self.rule}]: {in_words(rule.title, self.reader)}"
        yield f"  {why}: {in_words(rule.reason, self.reader)}"
        yield f"  {instead}: {self.say}"
        yield f"  {source}: {rule.source}"


def explain_rule(
    name: str, *, reader: str, more: Mapping[str, Rule] = MappingProxyType({})
) -> tuple[list[Explanation], str]:
    """Give what is known of a rule, or of every rule of a group, and what else may be meant.

    Args:
        name: a rule's id, or the part before its full stop.
        reader: a language tag; English where the rules are not explained in it.
        more: rules of others than scripts, such as those of feeds.
    """
    known = {**rules(), **more}
    found = [rule for rule in known.values() if name in {rule.id, rule.id.partition(".")[0]}]
    near = "" if found else maybe_meant(name, known.keys())
    return [_explained(rule, reader) for rule in found], near


def _explained(rule: Rule, reader: str) -> Explanation:
    primary = reader.partition("-")[0]
    return Explanation(
        id=rule.id,
        reader=primary if primary in READERS else "en",
        title=in_words(rule.title, reader),
        reason=in_words(rule.reason, reader),
        advice=in_words(rule.advice, reader),
        source=rule.source,
        severity=rule.severity.value,
        allow=rule.allow,
        bad=tuple(f"{e.language}: {_one_line(e.text)}" for e in rule.examples if e.is_bad),
        good=tuple(f"{e.language}: {_one_line(e.text)}" for e in rule.examples if not e.is_bad),
    )


def _one_line(text: str) -> str:
    """Give an example in one line with nothing in it that a terminal would obey."""
    return printable(text.replace("\n", " / "))


def explain_text(
    text: str,
    *,
    reader: str,
    style: HouseStyle,
    more: Mapping[str, Rule] = MappingProxyType({}),
) -> tuple[list[Explanation | TermExplanation | WordExplanation], str]:
    """Give every rule, term and hard word that a text names; else what may be meant.

    Args:
        text: a rule's id or group, a concept's id, or words as somebody writes or hears them.
        reader: a language tag; English where something is not explained in it.
        style: whose terms.
        more: rules of others than scripts, such as those of feeds.
    """
    found, near = explain_rule(text.strip(), reader=reader, more=more)
    if found:
        return [*found], ""
    primary = reader.partition("-")[0]
    terms = [
        TermExplanation(entry=entry, reader=primary if primary in READERS else "en")
        for entry in explain_term(style.terms, text, reader=LanguageTag(reader))
    ]
    words = [] if terms else _hard_words(text, primary if primary in READERS else "en")
    return [*terms, *words], near


def _hard_words(text: str, reader: str) -> list[WordExplanation]:
    folded = fold_words(words_of(text))
    return [
        WordExplanation(
            words=said.words,
            language=language,
            say=said.say,
            rule=_SIMPLER[said.group],
            reader=reader,
        )
        for language in sorted(READERS, key=lambda one: (one != reader, one))
        if (known := plain_words(language)) is not None
        for said in known.phrases.find(folded, text)
        if said.group in _SIMPLER
    ]
