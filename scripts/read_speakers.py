"""Speakers in altavoz.toml: their labels by language, and the voices that speak for them.

The form::

    [speakers]
    presenter = { es = "LOCUTORA", en = "PRESENTER", fr = "PRÉSENTATRICE" }
    voice2 = { es = "VOZ 2", en = "VOICE 2", fr = "VOIX 2" }

    [voices.es-419.speakers]
    "LOCUTORA" = { name = "es-419+f3" }
    voice2 = { engine = "espeak", name = "es-419+m3" }
"""

from collections.abc import Callable, Mapping, Sequence

from programme.findings import Severity
from programme.network import VoiceChoice
from programme.speakers import Speaker
from programme.units import LanguageTag
from scripts.fields import Fields
from scripts.given_names import is_given_name
from scripts.language_maps import check_tag
from scripts.nodes import Refused, Table, Text
from scripts.normal_text import normal
from scripts.speakers import MOST_CHARACTERS, MOST_WORDS
from scripts.unknown_labels import is_call, is_label
from scripts.wording import did_you_mean, listed, shown


def read_speakers(top: Fields, languages: Sequence[LanguageTag]) -> Mapping[str, Speaker]:
    """Give the speakers by id, in the order of the file; faulty ones are left out."""
    table = top.table_at("speakers")
    if table is None:
        return {}
    part = top.part(table)
    part.known |= set(table.entries)
    found: dict[str, Speaker] = {}
    taken: dict[tuple[str, str], str] = {}
    for name, node in table.entries.items():
        if not part.check_id("speakers", Text(name, part.line(name))):
            continue
        if isinstance(node, Refused):
            part.sound = False
            continue
        if not isinstance(node, Table):
            part.fault(
                node.line,
                "not-table",
                f"{name} must hold a label for each language",
                f'write {name} = {{ es = "VOZ 2", en = "VOICE 2" }}',
            )
            continue
        if not node.entries:
            remedy = f'write {name} = {{ es = "VOZ 2", en = "VOICE 2" }}'
            part.report(part.line(name), "speaker.label", f"{name} has no label", remedy)
        labels = _labels(part, node, languages, taken, name)
        if labels:
            found[name] = Speaker(id=name, labels=labels, line=part.line(name))
    top.close(part)
    return found


def _labels(
    part: Fields,
    node: Table,
    languages: Sequence[LanguageTag],
    taken: dict[tuple[str, str], str],
    name: str,
) -> dict[LanguageTag, str]:
    """Read the labels of one speaker; a tag may leave out the region: es for es-419."""
    own = part.part(node)
    bases = {LanguageTag(tag.partition("-")[0]) for tag in languages}
    labels: dict[LanguageTag, str] = {}
    for tag, line in node.key_lines.items():
        usual = check_tag(own, tag, line, [*languages, *bases] if languages else None)
        text = normal(own.text(tag, required=True), LanguageTag(tag))
        if usual is None or not text:
            continue
        fault = _fault(text, usual)
        other = taken.setdefault((usual, text), name)
        if fault is None and other != name:
            fault = (f"{other} has the label {text} too", "give each speaker a label of its own")
        if fault is not None:
            own.report(line, "speaker.label", *fault)
            continue
        if is_given_name(text):
            own.report(
                line,
                "speaker.name",
                f"{shown(text)} is a person's name, and goes into captions and pages",
                "name a role: VOZ 1, MUJER, OYENTE; it protects the person, and anyone can read it",
                Severity.WARNING,
            )
        labels[usual] = text
    part.close(own)
    return labels


def _fault(text: str, tag: LanguageTag) -> tuple[str, str] | None:
    """Say what is wrong with a label, and what to do."""
    if len(text) > MOST_CHARACTERS or len(text.split()) > MOST_WORDS:
        return (
            f"{shown(text)} is too long for a label",
            f"write {MOST_WORDS} words at most, {MOST_CHARACTERS} characters in all",
        )
    if text != text.upper():
        return f"{shown(text)} is no label: it is not in capitals", f"write {shown(text.upper())}"
    if not is_label(text):
        return (
            f"{shown(text)} is no label",
            "write letters, figures and spaces only, without a colon: VOZ 2",
        )
    if is_call(text, tag):
        return f"{text} calls for attention, it is nobody's label", "name a role: LOCUTORA, VOZ 2"
    return None


def read_speaker_voices(
    part: Fields,
    tag: LanguageTag | None,
    speakers: Mapping[str, Speaker],
    read: Callable[[Fields, LanguageTag], VoiceChoice],
) -> Mapping[str, VoiceChoice]:
    """Give the voices of speakers in one language, by id.

    Args:
        part: the table ``[voices.TAG]``.
        tag: its language; None where it is none, which was told.
        speakers: who is declared.
        read: reads one voice, and leaves its table open.
    """
    table = part.table_at("speakers")
    if table is None:
        return {}
    own = part.part(table)
    own.known |= set(table.entries)
    ids = {label: name for name, one in speakers.items() if (label := one.label(tag or _NONE))}
    found: dict[str, VoiceChoice] = {}
    voices: dict[tuple[str, str], str] = {}
    for written, node in table.entries.items():
        line = own.line(written)
        name = ids.get(" ".join(written.split()), written)
        if name not in speakers:
            known = [*speakers, *ids]
            remedy = did_you_mean(written, known, f"declared under [speakers]: {listed(speakers)}")
            problem = f"nobody knows the speaker {shown(written)}"
            own.report(line, "speaker.unknown", problem, remedy)
        elif isinstance(node, Refused):
            own.sound = False
        elif not isinstance(node, Table):
            own.fault(
                node.line,
                "not-table",
                f"{shown(written)} must name a voice",
                f'write "{shown(written)}" = {{ name = "es-419+f3" }}',
            )
        elif name in found:
            own.fault(line, "twice", f"{name} has two voices here", "delete one")
        else:
            inner = own.part(node)
            found[name] = voice = read(inner, tag or _NONE)
            own.close(inner)
            other = voices.setdefault((voice.engine, voice.name), name)
            if other != name:
                own.report(
                    line,
                    "speaker.same-voice",
                    f"{other} and {name} have the same voice: listeners cannot tell them apart",
                    "name another voice, such as a variant: es-419+f3, es-419+m3",
                    Severity.WARNING,
                )
    part.close(own)
    return found


_NONE = LanguageTag("")
