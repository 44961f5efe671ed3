"""The words of one language that the rules of plain and safe speech look for; data, not code.

data/plain/<language>.toml holds what an ear does not follow, data/safety/<language>.toml what must
not be said to people at risk and what a procedure must say. A language may have either, both or
none; a rule stays silent where its words are missing. To add a language, write a file.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from programme.tables import package_file, read_toml
from scripts.made_tables import made_once
from scripts.phrases import Phrase, PhraseForms, PhraseTable, phrase_forms
from scripts.rules_words import fold_words
from scripts.term_words import expand, first_form, fold

_GROUPS = (
    *("asylum", "fear", "consulate", "consulate_condition", "confidential", "route", "myth"),
    *("cost", "where", "deadline"),
)
_DENIED = {
    "fear": ("denials",),
    "consulate": ("denials",),
    "confidential": ("denials", "doubts"),
    "route": ("route_denials",),
}
"""Groups whose phrases a word before them silences, and where these words stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """Words that show a construction; lower case, accents and all."""

    subordinate: frozenset[str]
    """They open a clause."""
    auxiliaries: frozenset[str]
    """Before a participle they make a passive."""
    participles: tuple[str, ...]
    """Endings of participles."""
    agents: frozenset[str]
    """After a passive they say who acts: by, por."""
    irregular: frozenset[str]
    """Participles without such an ending."""
    no_participles: frozenset[str]
    """Words that only look like one."""
    nominal_verbs: frozenset[str]
    """Empty verbs: the noun after them holds the action."""
    nominal_endings: tuple[str, ...]
    known_long: frozenset[str]
    """Long words that listeners know; folded."""
    x_endings: bool
    """Whether words such as migrantxs occur."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityWords:
    """Words by which a person could be known; folded, unless said otherwise."""

    names_before: frozenset[tuple[str, ...]]
    place_before: frozenset[tuple[str, ...]]
    town_before: frozenset[tuple[str, ...]]
    not_names: frozenset[str]
    """Single words with a capital letter that name nobody."""
    town_begins: frozenset[str]
    """First words of the names of towns: San, Puerto."""
    given_names: frozenset[str]
    """Names by which a sentence may begin."""
    age_verbs: frozenset[str]
    age_words: frozenset[tuple[str, ...]]
    months: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainWords:
    """Everything that the rules know of one language."""

    phrases: PhraseTable
    knows: frozenset[str]
    """Groups of phrases that this language has words for."""
    shapes: Shapes | None
    identity: IdentityWords | None
    condition: str
    """The plainest way to say for whom a consulate is; empty where none is known."""


@cache
def plain_words(language: str) -> PlainWords | None:
    """Give the words of a primary language subtag; None where nothing is known of it."""
    plain, safety = _read(f"plain/{language}"), _read(f"safety/{language}")
    if not plain and not safety:
        return None
    rows = [*_plain_rows(plain), *_safety_rows(safety)]
    return PlainWords(
        phrases=PhraseTable(
            made_once(f"phrases-{language}", PhraseForms, lambda: phrase_forms(rows)),
            denials=_denials(safety),
            joins=tuple(map(fold, safety.get("joins", ()))),
        ),
        knows=frozenset(phrase.group for _, phrase in rows),
        shapes=_shapes(plain) if plain else None,
        identity=_identity(safety["identity"]) if "identity" in safety else None,
        condition=next(map(first_form, safety.get("consulate_condition", ())), ""),
    )


def _read(name: str) -> Mapping[str, Any]:
    # A primary subtag is letters only, so that the name cannot leave the folder.
    path = package_file("scripts", f"data/{name}.toml")
    return read_toml(path) if path.is_file() else {}


def _plain_rows(data: Mapping[str, Any]) -> Iterator[tuple[str, Phrase]]:
    if not data:
        return
    for table, group in (("hard", "hard-word"), ("idioms", "idiom")):
        for row in data[table]["rows"]:
            for pattern in row["avoid"]:
                yield pattern, Phrase(group, row["say"])
    for pattern in data["sentence"]["not_subordinate"]:
        yield pattern, Phrase("not-subordinate")
    for pattern in data["passive"]["phrases"]:
        yield pattern, Phrase("passive")


def _safety_rows(data: Mapping[str, Any]) -> Iterator[tuple[str, Phrase]]:
    for group in _GROUPS:
        for pattern in data.get(group, ()):
            yield pattern, Phrase(group)
    for pattern in data.get("consulate", ()):
        yield pattern, Phrase("consulate_named")  # denied or not


def _denials(data: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    return {
        group: frozenset(fold(word) for key in keys for word in data.get(key, ()))
        for group, keys in _DENIED.items()
    }


def _shapes(data: Mapping[str, Any]) -> Shapes:
    passive, nominal = data["passive"], data["nominal"]
    return Shapes(
        subordinate=frozenset(data["sentence"]["subordinate"]),
        auxiliaries=frozenset(passive["auxiliaries"]),
        participles=tuple(passive["endings"]),
        agents=frozenset(passive["agents"]),
        irregular=frozenset(passive["participles"]),
        no_participles=frozenset(passive["not"]),
        nominal_verbs=frozenset(nominal["verbs"]),
        nominal_endings=tuple(nominal["endings"]),
        known_long=frozenset(fold(form) for p in data["long"]["known"] for form in expand(p)),
        x_endings=bool(data["neutral"]["x_endings"]),
    )


def _identity(data: Mapping[str, Any]) -> IdentityWords:
    shared = _read("identity")
    countries = frozenset(map(fold, shared["countries"]))
    return IdentityWords(
        names_before=_folded(data["names_before"]),
        place_before=_folded(data["place_before"]),
        town_before=_folded(data["town_before"]),
        not_names=frozenset(map(fold, [*data["not_names"], *shared["others"], *data["months"]]))
        | frozenset(word for name in countries for word in name.split()),
        town_begins=frozenset(map(fold, shared["town_begins"])),
        given_names=frozenset(map(fold, shared["given_names"])),
        age_verbs=frozenset(map(fold, data["age_verbs"])),
        age_words=_folded(data["age_words"]),
        months=frozenset(map(fold, data["months"])),
    )


def _folded(patterns: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(fold_words(form.split()) for pattern in patterns for form in expand(pattern))
