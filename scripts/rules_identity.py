"""Who could be known again: names, and town with age and date, in what people tell of themselves.

A voice on air is heard by the people it fled from. Names may be changed: then the writer says so
at the line, ``{{allow identity.name reason="nombre cambiado"}}``.
"""

from collections.abc import Collection, Iterator, Sequence

from programme.findings import Severity
from programme.segments import SegmentKind
from scripts.placeholders import PLACEHOLDER
from scripts.plain_words import IdentityWords
from scripts.reading import Reading
from scripts.rules_words import fold, fold_words, openings, words_of

_SEVERITY = {
    SegmentKind.TESTIMONY: Severity.ERROR,
    # Whoever is interviewed may be known on purpose: an official, the head of a shelter.
    SegmentKind.INTERVIEW: Severity.WARNING,
}
_MOST_BEFORE = 5
"""Words, parted at apostrophes, of the longest phrase that announces a name or a place."""
_AGE_WITHIN = 4
"""Words between a verb and "years" among which an age stands."""


def check_identity(reading: Reading) -> None:
    """Note what gives the speaker away, in testimonies and interviews."""
    severity = _SEVERITY.get(reading.segment.kind)
    if severity is None or reading.words is None or reading.words.identity is None:
        return
    words = reading.words.identity
    town, age, day = 0, 0, 0
    for one in reading.sentences:
        line, raw = one.sentence.line, one.sentence.raw
        text = PLACEHOLDER.sub(" ", raw)
        spoken = words_of(text)
        for name, is_town in _names(spoken, openings(text), words):
            if is_town:
                town = town or line
                continue
            reading.note(
                line,
                "identity.name",
                f"«{name}» may be the name of a person",
                'take it out; if it is a changed name: {{allow identity.name reason="..."}}',
                severity,
            )
        folded = fold_words(spoken)
        age = age or (line if _tells_age(folded, words) else 0)
        dated = "{{date:" in raw.replace(" ", "") or not words.months.isdisjoint(folded)
        day = day or (line if dated else 0)
    if town and age and day:
        reading.note(
            max(town, age, day),
            "identity.combination",
            f"town (line {town}), age (line {age}) and date (line {day}) together name a person",
            "leave two of them out, or say them loosely: a small town, some years ago",
            severity,
        )


def _names(
    words: Sequence[str], begins: Collection[int], known: IdentityWords
) -> Iterator[tuple[str, bool]]:
    """Give the names of a line, each with whether it is a town's.

    Args:
        words: of the line, as written.
        begins: places among them at which a sentence begins, and with it a capital letter.
        known: of the language.
    """
    at = 0
    while at < len(words):
        if not _is_capital(words[at]):
            at += 1
            continue
        end = at + 1
        while end < len(words) and _is_capital(words[end]):
            end += 1
        name = _judge(words, at, end, known, begins=at in begins)
        if name is not None:
            yield name
        at = end


def _judge(
    words: Sequence[str], at: int, end: int, known: IdentityWords, *, begins: bool
) -> tuple[str, bool] | None:
    """Judge words with capital letters that stand together; None where they name nobody."""
    if fold(words[at]) in known.town_begins and end - at > 1:
        return " ".join(words[at:end]), True
    # A sentence begins with a capital letter, and so may a title: doña Elena, Madame Claire.
    if (begins and fold(words[at]) not in known.given_names) or _announces(
        fold_words(words[at : at + 1]), known.names_before
    ):
        at += 1
    if at == end:
        return None
    run, before = " ".join(words[at:end]), _before(words, at)
    if _announces(before, known.names_before):
        return run, False
    if _is_known(words[at:end], known):
        return None
    is_town = _announces(before, known.town_before) or _announces(before, known.place_before)
    return run, is_town


def _is_capital(word: str) -> bool:
    return word[0].isupper()


def _before(words: Sequence[str], at: int) -> tuple[str, ...]:
    return fold_words(words[max(0, at - _MOST_BEFORE) : at])


def _announces(before: tuple[str, ...], phrases: frozenset[tuple[str, ...]]) -> bool:
    return any(before[-count:] in phrases for count in range(1, len(before) + 1))


def _is_known(run: Sequence[str], known: IdentityWords) -> bool:
    return all(fold(word) in known.not_names for word in run)


def _tells_age(folded: Sequence[str], known: IdentityWords) -> bool:
    """Tell whether an age is said: tengo veinte años."""
    for at, word in enumerate(folded):
        if word not in known.age_verbs:
            continue
        after = folded[at + 1 : at + 2 + _AGE_WITHIN]
        for noun in known.age_words:
            if any(after[i : i + len(noun)] == noun for i in range(1, len(after))):
                return True
    return False
