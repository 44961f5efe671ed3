"""The network: who publishes, in which languages, with which voices, to which targets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from programme.reviews import ReviewPolicy
from programme.speakers import Speaker
from programme.units import LanguageTag, Url


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceChoice:
    """Which voice speaks a language in this workspace."""

    language: LanguageTag
    engine: str
    """``espeak``, ``piper``, ``gtts`` or another that `altavoz voices` lists; ``none`` when only
    people may speak this language."""
    name: str = ""
    """The engine's own name of the voice; empty for its usual one for this language."""
    accept_draft: bool = False
    """Somebody who speaks the language has listened and takes a draft-class voice on air."""
    speakers: "Mapping[str, VoiceChoice]" = field(default_factory=dict)
    """Voices of speakers in dialogues, by the speaker's id; these have no speakers themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSettings:
    """One place that editions are published to."""

    name: str
    kind: str
    """``folder``, ``s3`` or ``sftp``."""
    options: Mapping[str, str] = field(default_factory=dict)
    demo: bool = False
    """A rehearsal on this machine: demo facts may go there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The contents of altavoz.toml."""

    id: str
    name: str
    role_address: str
    """A mailbox of a role, public for ever in the feeds; never a person's."""
    base_url: Url
    """Public https address of the target's root, with a final slash."""
    website: Url
    source_language: LanguageTag
    languages: tuple[LanguageTag, ...]
    licence: str
    """May stations re-broadcast? An SPDX-like slug such as cc-by-4.0."""
    licence_url: str = ""
    websub: str = ""
    """Public address of the WebSub hub that is told of changed feeds; empty for none."""
    voices: Mapping[LanguageTag, VoiceChoice] = field(default_factory=dict)
    speakers: Mapping[str, Speaker] = field(default_factory=dict)
    """Who speaks in dialogues, by id, in the order of the file."""
    targets: Mapping[str, TargetSettings] = field(default_factory=dict)
    store: TargetSettings | None = None
    """Where machines share what they have made: of kind ``folder`` or ``s3``; None for nowhere."""
    reviews: ReviewPolicy = field(default_factory=ReviewPolicy)
    review_recordings: bool = False
    """Whether somebody must accept every take before it airs, however well it measures."""
    signing_keys: tuple[str, ...] = ()
    """Public keys of minisign, "RW...": the first signs now, the others stand by. Empty where
    packs are not signed."""
