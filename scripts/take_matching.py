"""Which file is which take: by its name, and by the kit that it was recorded with."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from programme.digests import digest_file
from programme.units import LanguageTag
from programme.words import Script
from scripts.take_files import spoken_facts, spoken_texts
from scripts.take_kit_file import Kit, KitPrompt
from scripts.take_names import WHOLE, TakeName, TakeNames
from scripts.take_source import Arrival, Arrivals
from scripts.wording import listed, shown
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedTake:
    """A file, what it holds, and the words that were read into it."""

    arrival: Arrival
    name: TakeName
    texts: tuple[str, ...]
    """Digests of the sentences that were read: the kit's, or today's where none came with it."""
    facts: Mapping[str, str]
    """Facts that were spoken, with the digests of the values that were read."""
    is_of_kit: bool
    """Whether a kit says which words were read."""


def match_takes(
    workspace: Workspace,
    arrivals: Arrivals,
    *,
    languages: Sequence[LanguageTag],
    scripts: Mapping[tuple[str, LanguageTag], Script],
) -> list[MatchedTake]:
    """Give every file that holds one certain take; the others are refused in ``arrivals``.

    Args:
        workspace: as read.
        arrivals: what came in.
        languages: that takes are looked for in.
        scripts: the words that may be recorded, by segment and language.
    """
    names = TakeNames(scripts.keys())
    strange = [kit for kit in arrivals.kits if not _is_ours(kit, workspace, arrivals)]
    if strange or arrivals.has_unread_kit:
        _refuse_all(arrivals)
        return []
    kit = _KitWords.of(arrivals.kits)
    by_name: dict[TakeName, list[Arrival]] = defaultdict(list)
    for arrival in arrivals.files:
        found = _within(names.read(arrival.name), scripts, kit)
        if len(found) == 1:
            by_name[found[0]].append(arrival)
        else:
            problem, remedy = _unmatched(arrival, names, found, languages, scripts)
            arrivals.refuse(arrival.name, problem, remedy)
    matched = [
        _read(workspace, name, one, scripts, kit)
        for name, several in sorted(by_name.items())
        if kit.is_certain(name, several, arrivals)
        and (one := _only_one(name, several, arrivals)) is not None
    ]
    return _without_both(matched, arrivals)


@dataclass(frozen=True, slots=True)
class _KitWords:
    """What the kits that came say of the words that were read."""

    prompts: Mapping[TakeName, KitPrompt]
    torn: frozenset[TakeName]
    """Takes of which two kits say different words; also wholes."""

    @classmethod
    def of(cls, kits: Sequence[Kit]) -> "_KitWords":
        """Lay kits together: two of one language may come home in one folder."""
        prompts: dict[TakeName, KitPrompt] = {}
        words: dict[TakeName, str] = {}
        torn: set[TakeName] = set()
        for kit in kits:
            for prompt in kit.prompts:
                if prompts.setdefault(prompt.name, prompt) != prompt:
                    torn.add(prompt.name)
            for one in kit.segments.values():
                whole = TakeName(segment=one.id, language=kit.language, line=WHOLE)
                if words.setdefault(whole, one.words_digest) != one.words_digest:
                    torn.add(whole)
        return cls(MappingProxyType(prompts), frozenset(torn))

    def spoken(self, name: TakeName) -> list[KitPrompt]:
        """Give the sentences of a take in order; none where no kit asks for it."""
        if name.line != WHOLE:
            return [self.prompts[name]] if name in self.prompts else []
        return [
            prompt
            for one, prompt in sorted(self.prompts.items())
            if (one.segment, one.language) == (name.segment, name.language)
        ]

    def is_certain(self, name: TakeName, several: Sequence[Arrival], arrivals: Arrivals) -> bool:
        """Tell whether the kits agree on a take's words; where they do not, refuse its files."""
        if name not in self.torn:
            return True
        for one in several:
            arrivals.refuse(
                one.name,
                "two kits came with it that say different words for it",
                "import what was recorded with each kit by itself",
            )
        return False


def _refuse_all(arrivals: Arrivals) -> None:
    """Refuse every file: by their names alone, takes of other words would count as today's."""
    for one in arrivals.files:
        arrivals.refuse(
            one.name,
            "nobody can tell which words it speaks: the kit.json that came with it is not usable",
            "put the right kit.json in, or import what was recorded without that kit by itself",
        )


def _is_ours(kit: Kit, workspace: Workspace, arrivals: Arrivals) -> bool:
    if kit.network == workspace.network.id:
        return True
    arrivals.refuse(
        "kit.json",
        f"this kit is of the network {shown(kit.network)}, not of {workspace.network.id}",
        "import it in the workspace that it was made from",
    )
    return False


def _within(
    found: Sequence[TakeName],
    scripts: Mapping[tuple[str, LanguageTag], Script],
    kit: _KitWords,
) -> list[TakeName]:
    """Leave out lines that neither today's text nor the kit has."""
    return [
        name
        for name in found
        if name in kit.prompts or name.line <= len(scripts[name.segment, name.language].sentences)
    ]


def _unmatched(
    arrival: Arrival,
    names: TakeNames,
    found: Sequence[TakeName],
    languages: Sequence[LanguageTag],
    scripts: Mapping[tuple[str, LanguageTag], Script],
) -> tuple[str, str]:
    """Say why a file is no certain take, and how to name it."""
    if found:
        told = " or ".join(name.stem for name in found)
        return f"this name can mean {told}", "rename it to the one that it is"
    beyond = names.read(arrival.name)
    if beyond:
        name = beyond[0]
        count = len(scripts[name.segment, name.language].sentences)
        return (
            f"{name.segment} has {count} sentences in {name.language}, and no line {name.line}",
            "look which line it is, and rename it",
        )
    segment = next((one for one, _ in scripts), "agua")
    line = TakeName(segment=segment, language=languages[0], line=1).stem
    whole = TakeName(segment=segment, language=languages[0], line=WHOLE).stem
    there = listed({one for one, _ in scripts}, most=6)
    like = f"listen to it and rename it like {line}.m4a, or {whole}.m4a for a whole segment"
    return (
        "its name does not say which line of which segment it is",
        f"{like}; segments: {there}",
    )


def _only_one(name: TakeName, several: list[Arrival], arrivals: Arrivals) -> Arrival | None:
    """Give the one file of a take; copies of the same bytes are one."""
    if len({digest_file(one.path) for one in several}) == 1:
        return several[0]
    told = " and ".join(shown(one.name) for one in several)
    for one in several:
        arrivals.refuse(
            one.name, f"several files hold {name.stem}: {told}", "keep the better one of them"
        )
    return None


def _read(
    workspace: Workspace,
    name: TakeName,
    arrival: Arrival,
    scripts: Mapping[tuple[str, LanguageTag], Script],
    kit: _KitWords,
) -> MatchedTake:
    """Say which words are in a take: those of the kit, else those of today."""
    script = scripts[name.segment, name.language]
    prompts = kit.spoken(name)
    if not prompts:
        texts, facts = spoken_texts(script, name.line), spoken_facts(workspace, script, name.line)
    else:
        texts = tuple(prompt.text for prompt in prompts)
        facts = MappingProxyType({f: v for prompt in prompts for f, v in prompt.facts.items()})
    return MatchedTake(
        arrival=arrival, name=name, texts=texts, facts=facts, is_of_kit=bool(prompts)
    )


def _without_both(matched: list[MatchedTake], arrivals: Arrivals) -> list[MatchedTake]:
    """Refuse lines of a segment of which the whole came too: nobody knows which should air."""
    wholes = {(m.name.segment, m.name.language) for m in matched if m.name.line == WHOLE}
    kept = []
    for one in matched:
        if one.name.line != WHOLE and (one.name.segment, one.name.language) in wholes:
            whole = TakeName(segment=one.name.segment, language=one.name.language, line=WHOLE)
            arrivals.refuse(
                one.arrival.name,
                f"{whole.stem} came too, and holds this line",
                "import the whole segment or its lines, not both",
            )
        else:
            kept.append(one)
    return kept
