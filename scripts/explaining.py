"""Explaining a rule: why it is there, who says so, what it finds and what it leaves in peace."""

from collections.abc import Iterator
from dataclasses import dataclass

from scripts.factbook import did_you_mean
from scripts.house_style import HouseStyle
from scripts.rule_catalogue import READERS, Rule, in_words, rules

_HEADS = {
    "en": ("Why", "Instead", "Source", "Found", "Left alone", "To silence it, with a reason"),
    "es": ("Por qué", "En su lugar", "Fuente", "Se señala", "Se deja", "Para silenciarla"),
    "fr": ("Pourquoi", "Plutôt", "Source", "Signalé", "Laissé", "Pour la faire taire"),
    "pt": ("Por quê", "Em vez disso", "Fonte", "Apontado", "Deixado", "Para silenciá-la"),
}


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


def explain_rule(name: str, *, reader: str) -> tuple[list[Explanation], str]:
    """Give what is known of a rule, or of every rule of a group, and what else may be meant.

    Args:
        name: a rule's id, or the part before its full stop.
        reader: a language tag; English where the rules are not explained in it.
    """
    found = [rule for rule in rules().values() if name in {rule.id, rule.id.partition(".")[0]}]
    near = "" if found else did_you_mean(name, rules().keys())
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
    line = text.replace("\n", " / ")
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in line)


def explain_text(text: str, *, reader: str, style: HouseStyle) -> tuple[list[Explanation], str]:
    """Give every rule and every term that a text names, and what else may be meant."""
    del style
    return explain_rule(text.strip(), reader=reader)
