"""What an operator orders: an action, the editions that it is for, and why, by language."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from production.releases.history import ReleaseHistory, Standing
from programme.editions import EditionKey
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag
from scripts.wording import maybe_meant

MAX_REASON_LETTERS = 400
"""A reason is a sentence or two: it is read on a small screen, below what to do."""


class Action(StrEnum):
    """What may be done to what was released."""

    FIX_TEXT = "fix-text"
    """Title, description and transcripts only: the same item, the same sound."""
    REPLACE = "replace"
    """Better sound of the same words: the same item, a new address."""
    CORRECT = "correct"
    """The information changed: a new item; the old one says that it is withdrawn."""
    RETRACT = "retract"
    """It must not be used: the old item says so, and a new one tells those who have it."""
    EXPIRE = "expire"
    """It is past its day, or ends now: the old item says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One action on some editions."""

    action: Action
    editions: tuple[EditionKey, ...]
    reasons: Mapping[LanguageTag, str] = field(default_factory=dict)


def parse_reasons(
    texts: Iterable[str], languages: Collection[LanguageTag]
) -> dict[LanguageTag, str]:
    """Read reasons that were given as ``es=...``; a tag stands for all languages below it.

    Raises:
        ProductionError: code USAGE; a language is not spoken here, or a reason is empty or long.
    """
    found: dict[LanguageTag, str] = {}
    for text in texts:
        name, equals, said = text.partition("=")
        words = " ".join(said.split())
        tags = [tag for tag in languages if tag.lower() == name.strip().lower()]
        tags = tags or [tag for tag in languages if tag.partition("-")[0] == name.strip().lower()]
        if not equals or not tags:
            raise _misused(
                f"--reason {text!a} names no language of this network",
                f"write the language first, such as {next(iter(languages), 'es')}='...'; known: "
                + ", ".join(languages),
            )
        if not words or len(words) > MAX_REASON_LETTERS or not words.isprintable():
            raise _misused(
                f"the reason in {name.strip()} is empty, longer than {MAX_REASON_LETTERS} letters, "
                "or holds characters that cannot be shown",
                "say it in one or two plain sentences",
            )
        found |= dict.fromkeys(tags, words)
    return found


def find_editions(history: ReleaseHistory, names: Iterable[str]) -> tuple[EditionKey, ...]:
    """Give the released editions that ``series/episode`` or ``series/episode/language`` name.

    Raises:
        ProductionError: code USAGE; nothing of that name was released at the target.
    """
    found: dict[EditionKey, None] = {}
    for name in names:
        wanted = tuple(name.strip("/").split("/"))
        fits = [key for key in history.editions if _names(wanted, key)]
        if not fits:
            known = dict.fromkeys(
                "/".join(key if len(wanted) > 2 else key[:2]) for key in history.editions
            )
            raise _misused(
                f"nothing called {name!a} was released at {history.target}",
                maybe_meant(name, list(known)) + "see them all with: altavoz release list",
            )
        found |= dict.fromkeys(fits)
    return tuple(found)


def _names(wanted: tuple[str, ...], key: EditionKey) -> bool:
    if len(wanted) == 2:
        return wanted == key[:2]
    return len(wanted) == 3 and wanted[:2] == key[:2] and wanted[2].lower() == key[2].lower()


def speaking(history: ReleaseHistory, fact: str) -> list[Standing]:
    """Give the live revisions that speak a fact, as far as the ledger tells."""
    return [
        revisions[-1]
        for revisions in history.editions.values()
        if revisions[-1].withdrawal is None and fact in revisions[-1].release.facts
    ]


def untold(order: Order) -> list[LanguageTag]:
    """Give the languages in which a reason is lacking, where there is one in another."""
    tags = dict.fromkeys(tag for _, _, tag in order.editions)
    return [tag for tag in tags if tag not in order.reasons] if order.reasons else []


def _misused(problem: str, remedy: str) -> ProductionError:
    return ProductionError(problem, where="altavoz release", remedy=remedy, code=ExitCode.USAGE)
