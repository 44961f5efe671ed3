"""One fact or contact: how scripts can speak it in every language, and where they do."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from production.records import plain_value
from programme.digests import Plain
from programme.errors import ExitCode, ProductionError
from programme.facts import Contact, Fact
from programme.findings import Findings
from programme.units import LanguageTag
from scripts.factbook import short_value
from scripts.placeholders import resolve
from scripts.wording import maybe_meant
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How one placeholder is printed and said in one language."""

    language: LanguageTag
    placeholder: str
    printed: str
    spoken: str
    """Both are empty where it cannot be said; ``fault`` tells why."""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenAt:
    """One line of a script that speaks a fact."""

    segment: str
    language: LanguageTag
    file: str
    line: int

    @property
    def place(self) -> str:
        """``file:line``."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StationOverride:
    """One station that says something else in the place of the fact, or the fact for another."""

    station: str
    place: str
    """``file:line``."""
    replaces: str
    instead: str
    """Empty where the station says values of its own."""
    says: str
    reason: str

    def line(self) -> str:
        """Say what one station hears in the place of what."""
        whose = f"{self.instead} ({self.says})" if self.instead else f"{self.says}, its own"
        return (
            f"{self.station}: {whose}, in the place of {self.replaces}: {self.reason}  {self.place}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything about one fact or contact."""

    id: str
    about: tuple[tuple[str, str], ...]
    """What it is, row by row: a label, and its text."""
    forms: tuple[Form, ...]
    spoken: tuple[SpokenAt, ...]
    overrides: tuple[StationOverride, ...]

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return {
            "id": self.id,
            "about": dict(self.about),
            "forms": [plain_value(asdict(form)) for form in self.forms],
            "spoken": [plain_value(asdict(at)) for at in self.spoken],
            "overrides": [plain_value(asdict(one)) for one in self.overrides],
        }


def place_lines(spoken: Iterable[SpokenAt]) -> Iterator[str]:
    """Give one line for each text, with every line in it that speaks the fact."""
    texts: dict[str, list[int]] = {}
    for at in spoken:
        texts.setdefault(at.file, []).append(at.line)
    for file, lines in texts.items():
        yield f"{file}:{', '.join(map(str, lines))}"


def fact_card(workspace: Workspace, name: str) -> Card:
    """Give everything about one fact or contact.

    Raises:
        ProductionError: there is none, or it has errors.
    """
    thing = find_fact(workspace, name)
    return Card(
        id=name,
        about=tuple((label, text) for label, text in _about(thing) if text),
        forms=tuple(forms_of(workspace, thing)),
        spoken=tuple(spoken_at(workspace, name)),
        overrides=tuple(station_overrides(workspace, name)),
    )


def _about(thing: Fact | Contact) -> Iterator[tuple[str, str]]:
    yield "id", thing.id
    yield "file", f"{thing.file}:{thing.line}"
    yield "kind", kind_of(thing)
    yield "country", thing.country or "everywhere"
    if isinstance(thing, Contact):
        for place, phone in enumerate(thing.phones):
            parts = (phone.display, phone.number, phone.type.value, phone.cost)
            code = "short code: only inside the country" if phone.short_code else ""
            label = "phone" if not place else f"phone {place + 1}"
            yield label, ", ".join(part for part in (*parts, code) if part)
        yield "dialled from", ", ".join(thing.reachable_from)
        yield "hours", thing.schedule
        yield "languages", ", ".join(thing.languages)
        yield "operated by", thing.operated_by
        yield "not for", ", ".join(thing.not_for)
    validity = thing.validity
    for place, source in enumerate(validity.sources):
        read = f"read on {source.retrieved}" if source.retrieved else ""
        label = "source" if not place else f"source {place + 1}"
        yield label, ", ".join(part for part in (source.title, source.url, read) if part)
    by = f" by {validity.verified_by}" if validity.verified_by else ""
    yield "verified", f"{validity.verified_on}{by}"
    yield "review by", str(validity.review_by or "")
    yield "expires", str(validity.expires)
    yield "owner", validity.owner or "nobody is named"
    yield "status", validity.status.value


def find_fact(workspace: Workspace, name: str) -> Fact | Contact:
    """Give a fact or contact by its id.

    Raises:
        ProductionError: there is none, or it has errors.
    """
    book = workspace.factbook
    found = book.facts.get(name) or book.contacts.get(name)
    if found is not None:
        return found
    if name in book.faulty:
        raise ProductionError(
            f"{name} has errors",
            where=book.faulty[name],
            remedy="put them right first; see them with: altavoz check",
            code=ExitCode.FINDINGS,
        )
    raise ProductionError(
        f"there is no fact or contact {name}",
        where="facts/",
        remedy=maybe_meant(name, [*book.facts, *book.contacts])
        + "see them all with: altavoz facts",
        code=ExitCode.USAGE,
    )


def forms_of(workspace: Workspace, thing: Fact | Contact) -> list[Form]:
    """Give every way in which scripts can speak a fact or contact, in every language."""
    return [
        _form(workspace, mark, tag)
        for tag in workspace.network.languages
        for mark in _placeholders(thing)
    ]


def _placeholders(thing: Fact | Contact) -> Iterator[str]:
    if isinstance(thing, Fact):
        yield f"{{{{fact:{thing.id}}}}}"
    else:
        yield f"{{{{org:{thing.id}}}}}"
        if thing.service:
            yield f"{{{{service:{thing.id}}}}}"
        kinds = dict.fromkeys(phone.type for phone in thing.phones)
        for place, kind in enumerate(kinds):
            yield f"{{{{phone:{thing.id}{f'/{kind.value}' if place else ''}}}}}"
    yield f"{{{{verified:{thing.id}}}}}"


def _form(workspace: Workspace, mark: str, tag: LanguageTag) -> Form:
    findings = Findings()
    done = resolve(mark, file="", line=0, language=tag, book=workspace.factbook, findings=findings)
    if done is None:
        fault = next(iter(findings)).problem.removeprefix(f"{mark}: ")
        return Form(language=tag, placeholder=mark, printed="", spoken="", fault=fault)
    return Form(language=tag, placeholder=mark, printed=done.text, spoken=done.spoken)


def spoken_at(workspace: Workspace, fact: str) -> list[SpokenAt]:
    """Give every line that speaks a fact, by segment, in the network's order of languages."""
    order = {tag: place for place, tag in enumerate(workspace.network.languages)}
    found = [
        SpokenAt(segment=one.segment, language=one.language, file=one.file, line=line)
        for one in workspace.summaries.values()
        for line in dict.fromkeys(one.lines_of(fact))
    ]
    return sorted(found, key=lambda at: (at.segment, order[at.language], at.line))


def kind_of(thing: Fact | Contact) -> str:
    """Give ``fact``, or the contact's own kind, such as hotline."""
    return thing.kind if isinstance(thing, Contact) else "fact"


def station_overrides(workspace: Workspace, name: str) -> Iterator[StationOverride]:
    """Give the stations that say something else in the place of a fact, or it for another."""
    tag = workspace.network.source_language
    for station in workspace.stations.values():
        for override in station.overrides:
            if name in {override.replaces, override.instead}:
                yield StationOverride(
                    station=station.id,
                    place=f"{station.file}:{override.line}",
                    replaces=override.replaces,
                    instead=override.instead,
                    says=short_value(override.value, tag),
                    reason=override.reason,
                )
