"""Voice engines of other packages, by entry points of the group ``altavoz.voices``.

A package declares an engine so, under the engine's own name:

    [project.entry-points."altavoz.voices"]
    acme = "acme_altavoz:engine"

The object is a declaration (``Engine`` below), not the engine: importing its module must be quick
and load no model, because a build asks for versions. What is wrong with a declaration is a fault
that `altavoz doctor` and `altavoz voices` show; a workspace that names the engine is told too.

An engine may call a language *draft* or *never*. If it says *air*, that is read as draft: its
maker vouches for it, nobody of this project has listened. It speaks in a workspace that says
``accept_draft = true``, and is announced as a draft voice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from audio.installed import is_declared
from programme.errors import ExitCode, ProductionError
from programme.languages import canonical

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "altavoz.voices"
_NAME = re.compile(r"[a-z][a-z0-9-]{1,30}\Z")
_VOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+. -]{0,60}\Z")
_CLASSES = frozenset({"air", "draft", "never"})

FAULTS: tuple[type[BaseException], ...] = (
    *(ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, ImportError),
    *(LookupError, MemoryError, NameError, OSError, RuntimeError, SyntaxError, SystemExit),
    *(TypeError, ValueError, Warning),
)
"""What the code of another package may raise, errors of its own that are derived from these too;
anything else is a bug of that package and keeps its traceback."""


class Offer(Protocol):
    """One language that an engine speaks."""

    @property
    def language(self) -> str:
        """A tag such as es or es-MX; it stands for every form of it that is not listed."""
        ...

    @property
    def voice(self) -> str:
        """The engine's own name of the voice for it."""
        ...

    @property
    def quality(self) -> str:
        """``air``, ``draft`` or ``never``."""
        ...

    @property
    def reason(self) -> str:
        """Why it has this class, as a sentence for a producer."""
        ...


class Speaker(Protocol):
    """An opened voice."""

    def speak(self, text: str, speed: float) -> tuple[bytes, int, Sequence[tuple[int, int]]]:
        """Speak one sentence.

        Args:
            text: plain words, no markup.
            speed: 1.0 is the voice's usual speed, 2.0 twice as fast; from 0.25 to 4.

        Returns:
            Mono s16 in the machine's byte order; samples a second, from 8000 to 48000; and for
            each word the index of its first character and the millisecond at which it begins,
            or nothing.

        Raises:
            RuntimeError, OSError, ValueError: it cannot speak; errors of its own are to be
                derived from one of Python's (``FAULTS``).
        """
        ...


class Engine(Protocol):
    """What an entry point gives."""

    @property
    def name(self) -> str:
        """As the entry point is named."""
        ...

    @property
    def version(self) -> str:
        """Everything that makes two outputs comparable: program, models, settings."""
        ...

    @property
    def online(self) -> bool:
        """Whether the words leave this machine."""
        ...

    @property
    def offers(self) -> Sequence[Offer]:
        """The languages that it speaks, one voice for each."""
        ...

    def open(self, voice: str, language: str) -> Speaker:
        """Load a voice; only here may the engine itself be imported."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignOffer:
    """One language of a foreign engine, as it was found right."""

    language: str
    voice: str
    quality: str
    """``draft`` or ``never``: a claim of air was lowered."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignEngine:
    """A declaration that was found right."""

    name: str
    version: str
    online: bool
    offers: tuple[ForeignOffer, ...]
    package: str
    """The distribution that it comes from, with its version."""
    declared: Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenEngine:
    """An entry point that gives no engine, and why."""

    name: str
    package: str
    problem: str

    def error(self) -> ProductionError:
        """Say so as an error."""
        return ProductionError(
            f"the voice engine {self.name} of {self.package} cannot be used: {self.problem}",
            where=f"{GROUP}: {self.name}",
            remedy=f"ask its makers, or uninstall {self.package.partition(' ')[0]}",
            code=ExitCode.VOICE,
        )


@cache
def foreign_names() -> tuple[str, ...]:
    """Give the names that other packages declare; nothing of theirs is imported."""
    if not is_declared(GROUP):
        return ()
    from importlib import metadata  # takes longer than a build that makes nothing can spare

    return tuple(sorted({point.name for point in metadata.entry_points(group=GROUP)}))


def foreign_engines(taken: frozenset[str]) -> tuple[ForeignEngine | BrokenEngine, ...]:
    """Load every declaration, sorted by name.

    Args:
        taken: names of the engines that Altavoz has itself, which nobody may take.
    """
    return tuple(foreign_engine(name, taken) for name in foreign_names())


@cache
def foreign_engine(name: str, taken: frozenset[str]) -> ForeignEngine | BrokenEngine:
    """Load one declaration and look at it.

    Raises:
        ProductionError: nobody declares an engine of this name; code VOICE.
    """
    from importlib import metadata

    points = sorted(metadata.entry_points(group=GROUP, name=name), key=_package)
    if not points:
        raise ProductionError(
            f'there is no voice engine "{name}"',
            where=name,
            remedy=f"choose one of: {', '.join(sorted({*taken, *foreign_names()}))}",
            code=ExitCode.VOICE,
        )
    package = _package(points[0])
    if len({point.value for point in points}) > 1:
        packages = " and ".join(_package(point) for point in points)
        return BrokenEngine(
            name=name, package=packages, problem="two packages declare an engine of this name"
        )
    if name in taken:
        problem = "Altavoz has an engine of this name itself"
        return BrokenEngine(name=name, package=package, problem=problem)
    try:
        declared = points[0].load()
        return _looked_at(name, package, declared)
    except FAULTS as error:
        told = str(error).splitlines()
        problem = f"{type(error).__name__}: {told[0][:200]}" if told else type(error).__name__
        return BrokenEngine(name=name, package=package, problem=problem)


def _package(point: "EntryPoint") -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "an unknown package"


def _looked_at(name: str, package: str, declared: Any) -> ForeignEngine | BrokenEngine:  # noqa: ANN401 - a stranger's
    """Read every attribute once; what is wrong is a sentence."""
    offers = tuple(
        ForeignOffer(
            language=str(offer.language),
            voice=str(offer.voice),
            quality=str(offer.quality),
            reason=str(offer.reason),
        )
        for offer in declared.offers
    )
    problem = _fault(name, declared, offers)
    if problem:
        return BrokenEngine(name=name, package=package, problem=problem)
    return ForeignEngine(
        name=name,
        version=declared.version,
        online=declared.online,
        offers=tuple(_lowered(offer) for offer in offers),
        package=package,
        declared=declared,
    )


def _fault(name: str, declared: Any, offers: tuple[ForeignOffer, ...]) -> str:  # noqa: ANN401 - a stranger's
    """Give the first thing that is wrong with a declaration; empty where nothing is."""
    version = declared.version
    is_text = isinstance(version, str) and bool(version.strip()) and version.isprintable()
    tags = [offer.language for offer in offers]
    right = {
        "its name must be that of its entry point: small letters, digits, dashes": (
            _NAME.match(name) is not None and declared.name == name
        ),
        "it must say its version in one line of text": is_text,
        "it must say by True or False whether the words leave this machine": isinstance(
            declared.online, bool
        ),
        "it has no method open(voice, language)": callable(declared.open),
        "it offers no language": bool(offers),
        "it offers a language twice": len(tags) == len(set(tags)),
    }
    faults = [fault for fault, holds in right.items() if not holds]
    faults += [fault for offer in offers if (fault := _offer_fault(offer))]
    return faults[0] if faults else ""


def _offer_fault(offer: ForeignOffer) -> str:
    if canonical(offer.language) != offer.language:
        return f"{offer.language!a} is no language tag in the usual case"
    if _VOICE.match(offer.voice) is None:
        return f"{offer.voice!a} is no voice's name"
    if offer.quality not in _CLASSES:
        return f"{offer.quality!a} is no class: air, draft or never"
    if not offer.reason.strip() or not offer.reason.isprintable():
        return f"it gives no reason for the class of {offer.language}"
    return ""


def _lowered(offer: ForeignOffer) -> ForeignOffer:
    """Read a claim of air as draft: nobody of this project has listened."""
    if offer.quality != "air":
        return offer
    return ForeignOffer(
        language=offer.language,
        voice=offer.voice,
        quality="draft",
        reason=f"Its maker calls it fit for air: {offer.reason}",
    )
