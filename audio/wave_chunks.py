"""What a broadcast WAV says of itself, for radio automation and editors; no person's name.

bext version 2 (EBU Tech 3285), cart (AES46-2002), cue with LIST/adtl, LIST/INFO (RIFF), iXML 2.10,
and Rivendell's rdxl.
bext and cart take ASCII alone; the titles as they are written stand in INFO and iXML.
"""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audio.ascii_text import ascii_text
from audio.notices import comment, own_fields, station_title
from audio.rdxl import CutMarks, plain_xml, render_rdxl
from audio.riff import chunk
from audio.version import DSP
from programme.digests import digest_text
from programme.editions import Chapter, EditionTags
from programme.profiles import RenditionSpec
from programme.sound import Loudness
from programme.units import Digest, DurationMs, Hz

UNKNOWN = 0x7FFF
"""A loudness that nobody measured (EBU Tech 3285, 2.4)."""
CATEGORY = "SPEECH"
"""Rivendell takes it for a group, whose name has at most 10 characters."""
_PROGRAM = "Altavoz"
_UMID_LABEL = bytes.fromhex("060a2b34010101050101") + bytes([0x0D, 0x20])
"""SMPTE ST 330: material of no identified type; its number is made as a UUID."""
_TIMERS = 8
_WORDS_OUT = 60
"""Characters of an out cue: the last words, by which a presenter knows the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveSound:
    """What the chunks tell of the sound itself."""

    samples: int
    """At the file's own rate."""
    first: int
    """Index of the first sample that is heard; see ``audio.wav``."""
    last: int
    """Index behind the last one that is heard."""
    digest: Digest
    """Of the samples' bytes."""


def bext(tags: EditionTags, spec: RenditionSpec, loudness: Loudness, sound: WaveSound) -> bytes:
    """Give ``bext`` version 2: who, what, when, and how loud."""
    title = ascii_text(tags.title, _stand_in(tags), longest=150)
    said = f"{title}; {tags.language}"
    if tags.has_last_day:
        said += f"; valid until {tags.expires.isoformat()}"
    if tags.synthetic_voice:
        said += "; synthetic voice" + (" on trial" if tags.draft_voice else "")
    number = digest_text(f"{tags.reference}/{tags.language}/{spec.id}/{sound.digest}")
    content = struct.pack(
        "<256s32s32s10s8sQH64s5h180x",
        said.encode("ascii"),
        ascii_text(tags.network, _PROGRAM, longest=32).encode("ascii"),
        number[:32].upper().encode("ascii"),
        tags.dated.isoformat().encode("ascii"),
        b"00:00:00",
        0,
        2,
        _umid(number),
        *(
            _hundredths(value)
            for value in (
                loudness.integrated,
                loudness.range_lu,
                loudness.true_peak,
                loudness.momentary_max,
                loudness.short_term_max,
            )
        ),
    )
    history = f"A=PCM,F={spec.rate_hz},W={spec.bits},M=mono,T={_PROGRAM} {DSP}\r\n"
    return chunk(b"bext", content + history.encode("ascii"))


def _hundredths(value: float) -> int:
    """Give a loudness as bext holds it; what a meter cannot tell is unknown."""
    known = math.isfinite(value) and -70.0 < value < 99.99
    return round(value * 100) if known else UNKNOWN


def _umid(number: str) -> bytes:
    """Give a basic UMID (SMPTE ST 330) of a number; the source pack stays empty."""
    raw = bytearray.fromhex(number)[:16]
    # A UUID of version 8: made by its maker's own rule (RFC 9562, 5.8).
    raw[6] = raw[6] & 0x0F | 0x80
    raw[8] = raw[8] & 0x3F | 0x80
    return _UMID_LABEL + bytes([0x13, 0, 0, 0]) + bytes(raw) + bytes(32)


def cart(tags: EditionTags, spec: RenditionSpec, sound: WaveSound) -> bytes:
    """Give ``cart``: from when to when it may be aired, and where it begins and ends.

    A scheduler reads the markers: AUDs and AUDe bound what is heard, from SEGs on the next item
    may begin.
    """
    fields = (
        ascii_text(station_title(tags), _stand_in(tags), longest=63),
        ascii_text(tags.network, _PROGRAM, longest=63),
        _cut_id(tags),
        ascii_text(tags.network, _PROGRAM, longest=63),
        CATEGORY,
        tags.language,
        _out_cue(tags),
    )
    content = b"0101" + b"".join(_field(text, 64) for text in fields)
    content += _day(tags.dated) + b"00:00:00" + _day(tags.expires) + b"23:59:59"
    user = f"expires={tags.expires.isoformat()}" if tags.has_last_day else ""
    content += _field(_PROGRAM, 64) + _field(str(DSP), 64) + _field(user, 64)
    content += struct.pack("<i", 1 << (spec.bits - 1))
    timers = {b"AUDs": sound.first, b"AUDe": sound.last}
    timers |= {b"SEGs": sound.last, b"SEGe": sound.samples}
    marks = b"".join(struct.pack("<4sI", name, at) for name, at in timers.items())
    content += marks.ljust(_TIMERS * 8, b"\x00") + bytes(276)
    content += _field(ascii_text(tags.website, "", longest=1023), 1024)
    text = f"Valid until {tags.expires.isoformat()}. " if tags.has_last_day else ""
    text += f"Licence: {tags.licence}."
    if tags.synthetic_voice:
        text += " Spoken by a synthetic voice" + (" on trial." if tags.draft_voice else ".")
    text = ascii_text(text, "", longest=1000) + "\r\n\0"
    return chunk(b"cart", content + text.encode("ascii"))


def _field(text: str, size: int) -> bytes:
    return text.encode("ascii")[: size - 1].ljust(size, b"\x00")


def _day(day: date) -> bytes:
    return day.isoformat().encode("ascii")


def _cut_id(tags: EditionTags) -> str:
    """Give an id that is no number: Rivendell could overwrite a cart that has it."""
    episode = tags.reference.partition("/")[2]
    return f"{episode or tags.number}-{tags.language}"


def _stand_in(tags: EditionTags) -> str:
    return f"{_cut_id(tags)} {tags.dated.isoformat()}"


def _out_cue(tags: EditionTags) -> str:
    """Give the last words; empty where they are not written in Latin letters."""
    words = ascii_text(" ".join(tags.transcript.split()[-12:]), "", longest=1000)
    while len(words) > _WORDS_OUT:
        words = words.partition(" ")[2]
    return words


def cue_points(chapters: Sequence[Chapter], rate_hz: Hz) -> bytes:
    """Give ``cue`` and its labels (LIST/adtl), one for each chapter; nothing without chapters."""
    if not chapters:
        return b""
    points, labels = [], []
    for number, chapter in enumerate(sorted(chapters, key=lambda one: one.start_ms), start=1):
        at = chapter.start_ms * rate_hz // 1000
        points.append(struct.pack("<II4sIII", number, at, b"data", 0, 0, at))
        text = chapter.title.encode("utf-8") + b"\x00"
        labels.append(chunk(b"labl", struct.pack("<I", number) + text))
    cue = chunk(b"cue ", struct.pack("<I", len(points)) + b"".join(points))
    return cue + chunk(b"LIST", b"adtl" + b"".join(labels))


def info(tags: EditionTags) -> bytes:
    """Give LIST/INFO, which players and AzuraCast read; UTF-8, as FFmpeg takes it."""
    texts = (
        (b"INAM", station_title(tags)),
        (b"IART", tags.network),
        (b"IPRD", tags.series),
        (b"ICRD", tags.dated.isoformat()),
        (b"IPRT", str(tags.number)),
        (b"IGNR", "Speech"),
        (b"ILNG", tags.language),
        (b"ICMT", comment(tags)),
        (b"ICOP", tags.licence),
        (b"ISFT", _PROGRAM),
    )
    parts = [chunk(name, text.encode("utf-8") + b"\x00") for name, text in texts if text]
    return chunk(b"LIST", b"INFO" + b"".join(parts))


def ixml(tags: EditionTags, spec: RenditionSpec, loudness: Loudness) -> bytes:
    """Give ``iXML``: titles as they are written, the track, and the loudness in words."""
    user = [f"{name}={text}" for name, text in own_fields(tags).items()]
    user += [f"LANGUAGE={tags.language}", f"LICENSE={tags.licence}", f"CONTACT={tags.website}"]
    user.append(comment(tags))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<BWFXML>",
        _element("IXML_VERSION", "2.10"),
        _element("PROJECT", tags.series),
        _element("SCENE", tags.title),
        _element("TAKE", str(tags.number)),
        _element("NOTE", tags.reference),
        "<SPEED>",
        _element("FILE_SAMPLE_RATE", str(spec.rate_hz)),
        _element("AUDIO_BIT_DEPTH", str(spec.bits)),
        "</SPEED>",
        "<TRACK_LIST>",
        _element("TRACK_COUNT", "1"),
        "<TRACK>",
        _element("CHANNEL_INDEX", "1"),
        _element("INTERLEAVE_INDEX", "1"),
        _element("NAME", "Mono"),
        "</TRACK>",
        "</TRACK_LIST>",
        "<LOUDNESS>",
        _element("LOUDNESS_VALUE", f"{loudness.integrated:.2f}"),
        _element("LOUDNESS_RANGE", f"{loudness.range_lu:.2f}"),
        _element("MAX_TRUE_PEAK_LEVEL", f"{loudness.true_peak:.2f}"),
        _element("MAX_MOMENTARY_LOUDNESS", f"{loudness.momentary_max:.2f}"),
        _element("MAX_SHORT_TERM_LOUDNESS", f"{loudness.short_term_max:.2f}"),
        "</LOUDNESS>",
        _element("USER", "; ".join(user)),
        "</BWFXML>",
    ]
    return chunk(b"iXML", ("\n".join(lines) + "\n").encode("utf-8"))


def _element(name: str, text: str) -> str:
    return f"<{name}>{plain_xml(text)}</{name}>"


def rdxl(tags: EditionTags, spec: RenditionSpec, sound: WaveSound) -> bytes:
    """Give ``rdxl``, from which Rivendell takes titles in any script, dates and markers."""
    first, last, whole = (
        DurationMs(at * 1000 // spec.rate_hz) for at in (sound.first, sound.last, sound.samples)
    )
    marks = CutMarks(start_ms=first, end_ms=last, length_ms=whole)
    return chunk(b"rdxl", render_rdxl(tags, marks).encode("utf-8"))
