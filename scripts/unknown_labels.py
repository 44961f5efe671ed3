"""What looks like a speaker's label and is none that altavoz.toml declares.

Words before a colon are mostly words of a sentence (Importante: ...). They are taken for a label
only where something speaks for it: capitals together with a number, a role that radio scripts
have, a likeness to a declared label, or other labels in the same text. Letters without case, as
in Arabic, show a role, a number or a likeness only.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from programme.identifiers import is_id
from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from scripts.given_names import is_given_name
from scripts.speakers import MOST_CHARACTERS, MOST_WORDS, Speakers
from scripts.term_words import fold

_NUMBERED = re.compile(r"(.*?)[ .-]*(\d{1,3})\Z")
_ASIDE = re.compile(r"\s*\([^()]*\)\s*\Z")
_SIGNS = frozenset(" .'’ʼ-&")
_LIKE = 0.75
"""How like a declared label a word must be (difflib's ratio) to be one that was mistyped."""
_PROPOSED = ("es", "en", "fr", "pt", "ht", "ar")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownLabel:
    """A label that nobody declared."""

    label: str
    remedy: str


@cache
def _data() -> Mapping[str, Any]:
    return read_toml(package_file("scripts", "data/speakers.toml"))


@cache
def _roles(base: str) -> Mapping[str, str]:
    """Give the roles that labels of a language name, folded, with their ids."""
    return {fold(name): row["id"] for row in _data()["role"] for name in row.get(base, ())}


@cache
def _calls(base: str) -> frozenset[str]:
    return frozenset(map(fold, _data()["calls"].get(base, ())))


def is_call(head: str, tag: LanguageTag) -> bool:
    """Tell whether words before a colon call for attention, and so belong to the sentence."""
    return fold(head) in _calls(_base(tag))


def is_label(text: str) -> bool:
    """Tell whether text may be a label: letters first, then figures and what joins words."""
    return (
        len(text) <= MOST_CHARACTERS
        and len(text.split()) <= MOST_WORDS
        and text == text.upper()
        and text[:1].isalpha()
        and all(c.isalnum() or c in _SIGNS or unicodedata.combining(c) for c in text)
    )


def in_capitals(head: str) -> bool:
    """Tell whether words before a colon have the shape of a label, in a script with case."""
    if head != head.upper() or head == head.lower():
        return False
    return is_label(_ASIDE.sub("", head) if head.endswith(")") else head)


@lru_cache(maxsize=8_192)
def looks_like_label(head: str, tag: LanguageTag) -> bool:
    """Tell whether words before a colon could be a label where none is declared; most could not.

    The same words begin many lines of a workspace, so it is asked once of them.
    """
    if in_capitals(head):
        return True
    return _may_be_label(head, tag) and _must_be_label(head, tag, is_near=False, among_labels=False)


def unknown_label(
    head: str, tag: LanguageTag, speakers: Speakers, *, among_labels: bool
) -> UnknownLabel | None:
    """Say what to do with words before a colon that must be a label; None where they need not be.

    Args:
        head: the words, of a line without a declared label.
        tag: language of the script.
        speakers: those that altavoz.toml declares.
        among_labels: whether other lines of the text begin with labels.
    """
    folded = fold(head)
    labels = speakers.labels(tag)
    same = labels.folded.get(folded)
    if same is not None:
        return UnknownLabel(label=head, remedy=f"write {same}: as altavoz.toml has it")
    bare = _ASIDE.sub("", head) if head.endswith(")") else head
    if bare in labels.ids and bare != head:
        aside = "say in a comment how it is to be read: <!-- ... -->"
        return UnknownLabel(label=head, remedy=f"write {bare}: and {aside}")
    if not _may_be_label(head, tag):
        return None
    near = _near(head, list(labels.ids))
    if not _must_be_label(head, tag, is_near=bool(near), among_labels=among_labels):
        return None
    meant = f"did you mean {near}:? Or " if near else ""
    where = "in altavoz.toml under [speakers]"
    if is_given_name(head):
        role = _some_voice(tag)
        line = proposal(role, tag, speakers)
        remedy = f"write a role, never a person's name, and declare it {where}: {line}"
        return UnknownLabel(label=head, remedy=remedy)
    declare = f"declare it {where}: {proposal(head, tag, speakers)}"
    other = "" if _has_no_case(head) else "; a word of the sentence is written in small letters"
    return UnknownLabel(label=head, remedy=f"{meant}{declare}{other}")


def _some_voice(tag: LanguageTag) -> str:
    row = next(one for one in _data()["role"] if one["id"] == "voice")
    return f"{row.get(_base(tag), row['en'])[0]} 1"


def _may_be_label(head: str, tag: LanguageTag) -> bool:
    """Tell whether words before a colon have the shape of a label; most have not."""
    if not (in_capitals(head) or _has_no_case(head)) or len(head.split()) > MOST_WORDS:
        return False
    return any(map(str.isalpha, head)) and not is_call(head, tag)


def _must_be_label(head: str, tag: LanguageTag, *, is_near: bool, among_labels: bool) -> bool:
    """Tell whether words of that shape can be nothing but a label that nobody declared."""
    has_no_case = _has_no_case(head)
    match = _NUMBERED.match(head)
    stem = match[1] if match else head
    is_role = fold(stem) in _roles(_base(tag))
    return match is not None or is_role or is_near or (among_labels and not has_no_case)


def _near(head: str, declared: list[str]) -> str:
    """Give the declared label that was mistyped; VOZ 3 is not a mistyped VOZ 2."""
    match = _NUMBERED.match(head)
    like = [one for one in declared if match is None or one.endswith(match[2])]
    from difflib import get_close_matches  # a start costs less without

    found = get_close_matches(fold(head), [fold(one) for one in like], n=1, cutoff=_LIKE)
    return next((one for one in like if fold(one) in found), "")


def proposal(head: str, tag: LanguageTag, speakers: Speakers) -> str:
    """Give the line that declares a speaker, with a label in each language that has a name for it.

    Only languages of the network are proposed, where it is known.
    """
    base = _base(tag)
    match = _NUMBERED.match(head)
    stem, number = (match[1], match[2]) if match else (head, "")
    role = _roles(base).get(fold(stem), "")
    names = {base: head.upper()}
    row: Mapping[str, Any] = next((one for one in _data()["role"] if one["id"] == role), {})
    wanted = {_base(one) for one in speakers.languages} or set(_PROPOSED[:3])
    for other in _PROPOSED:
        if other in wanted and other in row and other != base:
            names[other] = f"{row[other][0]} {number}".strip()
    labels = ", ".join(f'{one} = "{name}"' for one, name in names.items())
    return f"{_id(role + number if role else head, speakers)} = {{ {labels} }}"


def _id(text: str, speakers: Speakers) -> str:
    """Give an id that nobody has yet."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    name = name if is_id(name) else "voice"
    numbered = (f"{name}-{number}" for number in range(2, len(speakers.by_id) + 3))
    return next(one for one in (name, *numbered) if one not in speakers.by_id)


def _has_no_case(head: str) -> bool:
    return head.upper() == head.lower()


def _base(tag: LanguageTag) -> str:
    return tag.partition("-")[0]
