"""Casting of dialogues: a voice for each speaker, so that listeners hear who asks and who answers.

What altavoz.toml says of a speaker in a language holds. Speakers of whom it says nothing get, in
the order in which they are declared, the usual voice and then variants of it that ears tell apart,
without those that others were given by name. A speaker's voice so depends on altavoz.toml alone,
never on the script or on what a machine has installed. Where the engine has no more such voices,
the usual one speaks for several, and that is told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from audio.voices.catalogue import told_apart
from production.casting import CastVoice, NoVoice, cast_choice
from programme.network import Network, VoiceChoice
from programme.speakers import USUAL
from programme.units import LanguageTag
from programme.words import Script
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class CastDialogue:
    """Who speaks the lines of one script."""

    voices: Mapping[str, CastVoice]
    """By the speaker's id; an empty one is the usual voice of the language."""

    @property
    def draft(self) -> bool:
        """Whether any of the voices is of draft class."""
        return any(voice.draft for voice in self.voices.values())

    @property
    def online(self) -> bool:
        """Whether words leave this machine to be spoken."""
        return any(voice.online for voice in self.voices.values())


Voices = Mapping[str, CastVoice | NoVoice]


def cast_speakers(network: Network, tag: LanguageTag) -> Voices:
    """Cast the usual voice of a language (an empty id) and every speaker that is declared."""
    choice = network.voices.get(tag)
    usual = cast_choice(choice, tag)
    named = {
        name: cast_choice(_accepted(own, choice, usual), tag)
        for name, own in (choice.speakers if choice else {}).items()
    }
    taken = {(one.engine, one.name) for one in named.values() if isinstance(one, CastVoice)}
    free = _free(choice, tag, usual, taken)
    found: dict[str, CastVoice | NoVoice] = {USUAL: usual}
    for name in network.speakers:
        found[name] = named[name] if name in named else next(free, usual)
    return found


def _accepted(
    own: VoiceChoice, choice: VoiceChoice | None, usual: CastVoice | NoVoice
) -> VoiceChoice:
    """Let a variant of a draft voice that was accepted count as accepted: the words are the same.

    A variant changes how a voice sounds, not how it reads.
    """
    if choice is None or not choice.accept_draft or not isinstance(usual, CastVoice):
        return own
    same = own.engine == usual.engine and _voice_of(own.name) in {"", _voice_of(usual.name)}
    return replace(own, accept_draft=True) if same else own


def _voice_of(name: str) -> str:
    return name.partition("+")[0]


def _free(
    choice: VoiceChoice | None,
    tag: LanguageTag,
    usual: CastVoice | NoVoice,
    taken: set[tuple[str, str]],
) -> Iterator[CastVoice | NoVoice]:
    """Give the voices for speakers of whom nothing is said."""
    if not isinstance(usual, CastVoice):
        return
    base = choice or VoiceChoice(language=tag, engine=usual.engine)
    for name in told_apart(usual.engine, usual.name):
        if (usual.engine, name) in taken:
            continue
        if name == usual.name:
            yield usual
            continue
        voice = cast_choice(replace(base, engine=usual.engine, name=name, speakers={}), tag)
        if isinstance(voice, CastVoice):
            yield voice


def cast_dialogue(
    network: Network, voices: Voices, script: Script
) -> CastDialogue | tuple[str, NoVoice]:
    """Give the voices of one script; or the label of who has none, and why.

    Args:
        network: for the labels.
        voices: of the script's language, from ``cast_speakers``.
        script: any; one without labels needs the usual voice only.
    """
    found: dict[str, CastVoice] = {}
    for name in script.speakers:
        voice = voices[name]
        if isinstance(voice, NoVoice):
            return (network.speakers[name].label(script.language) if name else ""), voice
        found[name] = voice
    return CastDialogue(voices=found)


def shared_voice_lines(workspace: Workspace) -> list[str]:
    """Name the dialogues in which machine voices leave speakers one voice between them."""
    network = workspace.network
    cast = {tag: cast_speakers(network, tag) for tag in network.languages if network.speakers}
    lines = []
    for (segment, tag), text in workspace.summaries.items():
        heard: dict[tuple[str, str], list[str]] = {}
        for name in filter(None, text.speakers):
            voice = cast[tag][name]
            if isinstance(voice, CastVoice):
                label = network.speakers[name].label(tag)
                heard.setdefault((voice.engine, voice.name), []).append(label)
        if (segment, tag) not in workspace.recordings:
            lines += [
                f"{segment} {tag}: {' and '.join(labels)} have one voice, {engine}/{name}; give "
                f"each one of its own under [voices.{tag}.speakers] in altavoz.toml"
                for (engine, name), labels in heard.items()
                if len(labels) > 1
            ]
    return lines
