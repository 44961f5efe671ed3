"""What a review is bound to: the words as spoken, the facts in them, and what the segment is.

A digest of 64 characters binds. The short ones beside it only tell what has changed since.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from programme.digests import Plain, canonical_json, digest_file, digest_text
from programme.facts import Contact, Fact, Validity
from programme.reviews import Bound, Part
from programme.segments import Segment
from programme.storage import storage_errors
from programme.units import Digest, LanguageTag
from programme.words import Script, Sentence
from scripts.factbook import FactBook

if TYPE_CHECKING:
    from scripts.termbase import TermBase

_SHORT = 16
_AS_BUILT_IN = "0" * _SHORT
_DATES_AT = -(_SHORT + 1)
"""Where the digest of a fact's dates begins, with its colon, counted from the end."""


def _short(value: Plain) -> str:
    return digest_text(canonical_json(value))[:_SHORT]


def text_digest(script: Script) -> str:
    """Give the digest of a script as its writer typed it."""
    typed: list[Plain] = [[s.speaker, s.raw] if s.speaker else s.raw for s in script.sentences]
    return _short([script.title, *typed])


def sentence_digest(sentence: Sentence) -> str:
    """Give the digest of one sentence as it is spoken, and by whom: a take of it is bound to it."""
    if sentence.speaker:
        return _short([sentence.speaker, sentence.spoken])
    return digest_text(sentence.spoken)[:_SHORT]


def about_digest(segment: Segment) -> str:
    """Give the digest of what decides for whom, and how carefully, a segment is made."""
    return _short(
        [
            segment.kind.value,
            segment.sensitivity,
            sorted(segment.audiences),
            sorted(segment.countries),
            sorted(segment.topics),
            segment.consent,
        ]
    )


def heard_names(files: Sequence[Path]) -> str:
    """Give the first half of ``heard_digest``, by the names and sizes of the files.

    Raises:
        ProductionError: a file cannot be looked at.
    """
    with storage_errors(files[0].parent if files else Path()):
        return _short([[path.name, path.stat().st_size] for path in files])


def heard_digest(files: Sequence[Path]) -> str:
    """Give the digests of a recording: of its files' names and sizes, a colon, of their bytes.

    The first costs nothing and tells nearly every change; the second is what was listened to.

    Raises:
        ProductionError: a file cannot be read.
    """
    with storage_errors(files[0].parent if files else Path()):
        heard = _short([digest_file(path) for path in files])
    return f"{heard_names(files)}:{heard}"


def until_text(expires: date | None) -> str:
    """Write down a segment's expiry."""
    return "" if expires is None else expires.isoformat()


class FactDigests:
    """Digests of facts, each made once for each language, however many segments speak it."""

    def __init__(self, book: FactBook) -> None:
        self.book = book
        self._known: dict[tuple[str, str], tuple[str, str]] = {}

    def of(self, fact: str, language: LanguageTag) -> tuple[str, str]:
        """Give the digests of a fact's value in a language, and of its dates.

        A fact that does not exist any more has empty ones.
        """
        key = (fact, language.partition("-")[0])
        found = self._known.get(key)
        if found is None:
            thing = self.book.facts.get(fact) or self.book.contacts.get(fact)
            found = ("", "") if thing is None else (_value(thing, key[1]), _dates(thing.validity))
            self._known[key] = found
        return found

    def told(self, facts: Sequence[str], language: LanguageTag) -> str:
        """Give several facts, sorted, as a signature keeps them."""
        return " ".join([f"{fact}:{':'.join(self.of(fact, language))}" for fact in facts])


class TermDigests:
    """Digests of the terms that a workspace wrote itself, each made once for each language."""

    def __init__(self, terms: "TermBase") -> None:
        self.terms = terms
        self._known: dict[tuple[str, LanguageTag], str] = {}

    def used(self, script: Script, language: LanguageTag) -> str:
        """Give the terms that a text uses, as a signature keeps them."""
        table = self.terms.of(language)
        if table is None:
            return ""
        names: set[str] = set()
        for text in (script.title, *(sentence.text for sentence in script.sentences)):
            found = table.find(text)
            names.update(found.concepts, (hit.concept for hit in found.hits))
        return self._told(sorted(names), language)

    def now(self, terms: str, language: LanguageTag) -> str:
        """Give the terms of a signature as they are today."""
        return self._told([one.partition(":")[0] for one in terms.split(" ")], language)

    def _told(self, names: Sequence[str], language: LanguageTag) -> str:
        return " ".join([f"{name}:{self._of(name, language)}" for name in names if name])

    def _of(self, name: str, language: LanguageTag) -> str:
        found = self._known.get((name, language))
        if found is None:
            own = self.terms.own.get(name)
            said = None if own is None else own.spoken_in(language)
            found = _AS_BUILT_IN if said is None else digest_text(repr(said))[:_SHORT]
            self._known[name, language] = found
        return found


def _value(thing: Fact | Contact, base: str) -> str:
    status = thing.validity.status.value
    if isinstance(thing, Fact):
        return _short(["fact", status, thing.country, _said(thing.statement, base)])
    phones: list[Plain] = [
        [phone.number, list(phone.groups), phone.type.value, phone.cost, phone.short_code]
        for phone in thing.phones
    ]
    return _short(
        [
            "contact",
            status,
            thing.kind,
            thing.country,
            list(thing.reachable_from),
            _said(thing.organization, base),
            _said(thing.service, base),
            phones,
            thing.schedule,
            list(thing.languages),
            thing.operated_by,
            list(thing.not_for),
        ]
    )


def _said(words: Mapping[LanguageTag, str], base: str) -> list[Plain]:
    """Give the wording in the forms of one language: another language's is not what was signed."""
    return [[tag, text] for tag, text in sorted(words.items()) if tag.partition("-")[0] == base]


def _dates(validity: Validity) -> str:
    sources: list[Plain] = [[source.title, source.url] for source in validity.sources]
    return _short([validity.expires.isoformat(), validity.verified_by, sources])


def binding_digest(  # noqa: PLR0917 - called for every text of a workspace
    words: Digest,
    facts: str,
    terms: str,
    until: str,
    about: str,
    heard: str,
    parts: frozenset[Part],
) -> Digest:
    """Give the digest that a review of one kind is bound to.

    Args:
        words: of the title and the sentences as spoken.
        facts: that are spoken, as ``FactDigests.told`` gives them.
        terms: that the text uses, as ``TermDigests.used`` gives them.
        until: the segment's expiry.
        about: see ``about_digest``.
        heard: of the recording; empty where the text is reviewed.
        parts: what the kind of review binds besides the words.
    """
    values = dates = ""
    if facts and Part.FACTS in parts:
        values = " ".join([one[:_DATES_AT] for one in facts.split(" ")])
    if Part.DATES in parts:
        dates = " ".join([until, *(_without_value(one) for one in facts.split(" ") if one)])
    told = about if Part.ABOUT in parts else ""
    return digest_text(f"{words}\n{values}\n{dates}\n{told}\n{heard}\n{terms}")


def _without_value(fact: str) -> str:
    return fact[: _DATES_AT - _SHORT] + fact[_DATES_AT + 1 :]


def bind(
    words: Digest,
    spoken: Sequence[str],
    segment: Segment,
    *,
    parts: frozenset[Part],
    facts: FactDigests,
    language: LanguageTag,
    terms: str = "",
    heard: str = "",
    text: str = "",
) -> Bound:
    """Give all that a signature on a text, or on its recording, keeps.

    Args:
        words: of the title and the sentences as spoken.
        spoken: ids of the facts in them.
        segment: what they belong to.
        parts: what the kind of review binds besides.
        facts: gives the facts' digests.
        language: of the text.
        terms: that the text uses; empty where nobody has read it.
        heard: ``heard_digest`` of the recording; empty where the text is read.
        text: digest of the text as typed; empty where nobody has read it, which leaves out only
            the telling of a changed text from a changed pronunciation.
    """
    said = facts.told(spoken, language)
    about, until = about_digest(segment), until_text(segment.expires)
    return Bound(
        digest=binding_digest(words, said, terms, until, about, heard, parts),
        text=text,
        spoken=words[:_SHORT],
        about=about,
        until=until,
        facts=said,
        terms=terms,
        heard=heard,
    )


def changes(then: Bound, now: Bound, *, parts: frozenset[Part]) -> tuple[str, ...]:
    """Say what has changed since a review was signed, so that its reader knows where to look."""
    found: list[str] = []
    if then.heard != now.heard:
        found.append("it was recorded anew")
    if then.text and now.text and then.text != now.text:
        found.append("the text changed")
    old, new = _facts(then.facts), _facts(now.facts)
    for name in sorted({*old, *new}):
        found += _fact_changes(name, old.get(name), new.get(name), parts)
    today = now.terms.split(" ")
    terms = [one for one in then.terms.split(" ") if one and one not in today]
    found += [f"the term {one.partition(':')[0]} changed" for one in terms]
    if Part.DATES in parts and then.until != now.until:
        found.append(f"the expiry changed from {then.until or 'none'} to {now.until or 'none'}")
    if Part.ABOUT in parts and then.about != now.about:
        found.append("kind, sensitivity, audiences, countries, topics or consent changed")
    if not found and then.spoken != now.spoken:
        same = bool(then.text) and then.text == now.text
        found.append(
            "its words are spoken otherwise: pronunciations or forms of numbers changed"
            if same
            else "the words changed"
        )
    return tuple(found) or ("its digest is not that of the present text",)


def _facts(told: str) -> dict[str, tuple[str, str]]:
    parts = (one.split(":") for one in told.split(" ") if one)
    return {name: (value, dates) for name, value, dates in parts}


def _fact_changes(
    name: str,
    then: tuple[str, str] | None,
    now: tuple[str, str] | None,
    parts: frozenset[Part],
) -> list[str]:
    if now is None:
        return [f"{name} is not spoken any more"]
    if then is None:
        return [f"{name} is spoken now"]
    if then[0] != now[0]:
        return [f"the fact {name} changed"]
    if Part.DATES in parts and then[1] != now[1]:
        return [f"who vouches for {name}, or until when, changed"]
    return []
