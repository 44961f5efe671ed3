"""Tags of finished files: ID3v2.3 and v1 for MP3, Vorbis comments for Opus; no person's name.

ID3: id3.org v2.3.0 and the chapter addendum 1.0. Texts are Latin-1 where they fit, because
simple displays show UTF-16 as rubbish. Renditions for old players get a small tag of short
Latin-1 texts: big ones stall such players (notes/field.md section 5).
"""

import io
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from mutagen import MutagenError
from mutagen.id3 import (
    CHAP,
    COMM,
    CTOC,
    ID3,
    TALB,
    TCON,
    TCOP,
    TDAT,
    TIT2,
    TLAN,
    TPE1,
    TPUB,
    TRCK,
    TXXX,
    TYER,
    USLT,
    WOAF,
    CTOCFlags,
    Encoding,
    Frame,
)

from audio.notices import comment, fitted, notices_of, own_fields, station_title
from audio.rdxl import CutMarks, render_rdxl
from programme.editions import Chapter, EditionTags
from programme.languages import language
from programme.profiles import RenditionSpec
from programme.sound import Loudness
from programme.units import DurationMs

SHORT = 30
"""Characters that such players show."""
SPEECH = 101
"""ID3v1 genre."""
_REPLAYGAIN = -18.0
"""LUFS to which REPLAYGAIN_TRACK_GAIN leads (ReplayGain 2.0)."""
_R128 = -23.0
"""LUFS to which R128_TRACK_GAIN leads (RFC 7845 section 5.2.1)."""
_NO_OFFSET = 0xFFFFFFFF


def for_old_players(spec: RenditionSpec) -> bool:
    """Tell whether a rendition is for players that want small tags and bare frames."""
    return spec.plain


def id3v2(
    tags: EditionTags,
    spec: RenditionSpec,
    loudness: Loudness,
    *,
    length_ms: DurationMs | None = None,
) -> bytes:
    """Give the tag for the start of an MP3 file: version 2.3, no padding, no picture.

    With the length of the sound it holds ``rdxl`` too, from which Rivendell takes the last day.
    """
    frames = _small(tags) if for_old_players(spec) else _whole(tags, loudness)
    if length_ms is not None and not for_old_players(spec):
        marks = CutMarks(start_ms=DurationMs(0), end_ms=length_ms, length_ms=length_ms)
        frames.append(_own_text("rdxl", render_rdxl(tags, marks)))
    tag = ID3()
    for frame in frames:
        tag.add(frame)
    file = io.BytesIO()
    tag.save(file, v1=0, v2_version=3, padding=lambda _: 0)
    return _in_time_order(file.getvalue())


def id3v1(tags: EditionTags) -> bytes:
    """Give the 128 bytes for the end of an MP3 file: version 1.1, transliterated."""
    texts = [_short(tags, text) for text in (station_title(tags), tags.network, tags.series)]
    fields = [text.encode("latin-1") for text in texts]
    comment = _validity(tags).encode("ascii")
    return struct.pack(
        "<3s30s30s30s4s28sxBB",
        b"TAG",
        *fields,
        str(tags.dated.year).encode("ascii"),
        comment,
        min(tags.number, 255),
        SPEECH,
    )


def opus_comments(tags: EditionTags, loudness: Loudness) -> list[tuple[str, str]]:
    """Give the comments of an Ogg Opus file, in order."""
    gain = round((_R128 - loudness.integrated) * 256)
    comments = [
        ("TITLE", station_title(tags)),
        ("ARTIST", fitted(tags.network)),
        ("ALBUM", fitted(tags.series)),
        ("DATE", tags.dated.isoformat()),
        ("TRACKNUMBER", str(tags.number)),
        ("GENRE", "Speech"),
        ("LANGUAGE", tags.language),
        ("COMMENT", comment(tags)),
        ("ORGANIZATION", tags.network),
        ("COPYRIGHT", _copyright(tags)),
        ("LICENSE", tags.licence),
        ("CONTACT", tags.website),
        ("R128_TRACK_GAIN", str(min(max(gain, -32768), 32767))),
        *own_fields(tags).items(),
        ("LYRICS", tags.transcript),
    ]
    for number, chapter in enumerate(_sorted(tags.chapters), start=1):
        comments.append((f"CHAPTER{number:03d}", _clock(chapter.start_ms)))
        comments.append((f"CHAPTER{number:03d}NAME", chapter.title))
    return [(key, value) for key, value in comments if value]


def tag_m4a(
    path: Path, tags: EditionTags, loudness: Loudness, *, gapless: tuple[int, int, int]
) -> None:
    """Write the tags of an M4A file into it, behind its chapters; no padding, no picture.

    Args:
        path: a finished file.
        tags: what it says.
        loudness: of the decoded file.
        gapless: samples of delay, of padding, and of the sound between them.
    """
    from mutagen.mp4 import MP4, MP4FreeForm  # as for Opus: few builds need it

    file = MP4(str(path))
    texts = {
        "\xa9nam": station_title(tags),
        "\xa9ART": fitted(tags.network),
        "\xa9alb": fitted(tags.series),
        "\xa9day": tags.dated.isoformat(),
        "\xa9gen": "Speech",
        "\xa9cmt": comment(tags),
        "cprt": _copyright(tags),
        "\xa9lyr": tags.transcript,
    }
    own = {
        "LANGUAGE": tags.language,
        **own_fields(tags),
        **_replaygain(loudness),
        "iTunSMPB": _itunes_gapless(*gapless),
    }
    for key, text in texts.items():
        if text:
            file[key] = [text]
    file["trkn"] = [(tags.number, 0)]
    for name, text in own.items():
        file[f"----:com.apple.iTunes:{name}"] = [MP4FreeForm(text.encode("utf-8"))]
    file.save(padding=lambda _: 0)


def _itunes_gapless(delay: int, padding: int, samples: int) -> str:
    """Give what Apple's players read in place of an edit list, as iTunes writes it."""
    rest = " 00000000" * 8
    return f" 00000000 {delay:08X} {padding:08X} {samples:016X}{rest}"


def _whole(tags: EditionTags, loudness: Loudness) -> list[Frame]:
    code = language(tags.language).iso639_2
    own = {"BCP47": tags.language, **own_fields(tags), **_replaygain(loudness)}
    frames = [
        _text(TIT2, station_title(tags)),
        _text(TPE1, fitted(tags.network)),
        _text(TALB, fitted(tags.series)),
        _text(TPUB, fitted(tags.network)),
        *_common(tags, code),
        *_comment(tags, comment(tags)),
        *(_own_text(name, text) for name, text in own.items()),
    ]
    if tags.transcript:
        frames.append(
            USLT(encoding=_encoding(tags.transcript), lang=code, desc="", text=tags.transcript)
        )
    if tags.website:
        frames.append(WOAF(url=tags.website))
    chapters = _sorted(tags.chapters)
    if chapters:
        names = [f"chp{number}" for number in range(len(chapters))]
        flags = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
        frames.append(CTOC(element_id="toc", flags=flags, child_element_ids=names, sub_frames=[]))
        frames += [
            CHAP(
                element_id=name,
                start_time=chapter.start_ms,
                end_time=chapter.end_ms,
                start_offset=_NO_OFFSET,
                end_offset=_NO_OFFSET,
                sub_frames=[_text(TIT2, chapter.title)],
            )
            for name, chapter in zip(names, chapters, strict=True)
        ]
    return frames


def _small(tags: EditionTags) -> list[Frame]:
    return [
        _text(TIT2, _short(tags, station_title(tags))),
        _text(TPE1, _short(tags, tags.network)),
        _text(TALB, _short(tags, tags.series)),
        *_common(tags, language(tags.language).iso639_2),
        *_comment(tags, ""),
        *([_own_text("EXPIRES", tags.expires.isoformat())] if tags.has_last_day else []),
    ]


def _common(tags: EditionTags, code: str) -> list[Frame]:
    # No TIME: an edition has a date, and no hour.
    return [
        # Readers make a total of the second digit of a bare "12".
        _text(TRCK, f"{tags.number}/{tags.number}"),
        _text(TYER, f"{tags.dated.year:04d}"),
        _text(TDAT, f"{tags.dated.day:02d}{tags.dated.month:02d}"),
        _text(TLAN, code),
        _text(TCON, "Speech"),
        _text(TCOP, _copyright(tags)),
    ]


def _copyright(tags: EditionTags) -> str:
    return fitted(f"{tags.dated.year:04d} {tags.licence}")


def _replaygain(loudness: Loudness) -> dict[str, str]:
    """Give what leads players to -18 LUFS; LibreTime takes it in upper case alone."""
    return {
        "REPLAYGAIN_TRACK_GAIN": f"{_REPLAYGAIN - loudness.integrated:.2f} dB",
        "REPLAYGAIN_TRACK_PEAK": f"{10 ** (loudness.true_peak / 20):.6f}",
    }


def _validity(tags: EditionTags) -> str:
    return f"valid until {tags.expires.isoformat()}" if tags.has_last_day else ""


def _comment(tags: EditionTags, said: str) -> list[Frame]:
    """Give the comment that players show: sentences, or the bare date for small displays.

    None where there is neither: a notice that a person reads has no last day.
    """
    code = language(notices_of(tags).language).iso639_2 if said else "eng"
    text = said or _validity(tags)
    if not text:
        return []
    return [COMM(encoding=_encoding(text), lang=code, desc="", text=[text])]


def _encoding(text: str) -> int:
    return Encoding.LATIN1 if _is_latin1(text) else Encoding.UTF16


def _is_latin1(text: str) -> bool:
    return all(ord(character) < 256 for character in text)


def _text(frame: type[Frame], text: str) -> Frame:
    return frame(encoding=_encoding(text), text=[text])


def _own_text(name: str, text: str) -> Frame:
    return TXXX(encoding=_encoding(text), desc=name, text=[text])


def _sorted(chapters: Iterable[Chapter]) -> list[Chapter]:
    return sorted(chapters, key=lambda chapter: (chapter.start_ms, chapter.end_ms))


def _clock(at_ms: DurationMs) -> str:
    seconds, ms = divmod(at_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms:03d}"


def _short(tags: EditionTags, text: str) -> str:
    """Give a text as old displays can show it: Latin-1, at most 30 characters.

    Of a text in another script nothing is left; then the language and the number stand in.
    """
    plain = "".join(_latin1(character) for character in unicodedata.normalize("NFC", text))
    plain = " ".join(plain.split())
    if not any(character.isalnum() for character in plain):
        plain = f"{tags.language.upper()} {tags.number}"
    return plain[:SHORT].rstrip()


_PLAIN = dict(
    zip("ʼ’‘ʻ“”„–—ŁłĐđıƁɓƊɗƘƙƏə", "''''\"\"\"--LlDdiBbDdKkEe", strict=True),
    **{"…": "...", "Œ": "OE", "œ": "oe", "Ŋ": "Ng", "ŋ": "ng"},
)
"""Letters and marks that Unicode does not take apart into plain ones."""


def _latin1(character: str) -> str:
    if _is_latin1(character):
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    parts = unicodedata.normalize("NFKD", character)
    return "".join(part for part in parts if _is_latin1(part))


def _in_time_order(tag: bytes) -> bytes:
    """Put chapters behind all else, by time: mutagen sorts frames by size, readers by place.

    Args:
        tag: a whole version 2.3 tag without extended header and padding.
    """
    frames: list[bytes] = []
    at = 10
    while at < len(tag):
        end = at + 10 + int.from_bytes(tag[at + 4 : at + 8], "big")
        frames.append(tag[at:end])
        at = end
    frames.sort(key=_place)
    return tag[:10] + b"".join(frames)


def _place(frame: bytes) -> tuple[bool, int]:
    if not frame.startswith(b"CHAP"):
        return (False, 0)
    times = frame.index(b"\x00", 10) + 1
    return (True, int.from_bytes(frame[times : times + 4], "big"))


def read_rows(path: Path, suffix: str) -> dict[str, str]:
    """Read an MP3, M4A or Opus file back: texts by the names of their own format.

    What nobody asks for (chapters, pictures) is left out; of several texts the first counts.

    Raises:
        ValueError: it is no such file, or damaged.
    """
    try:
        if suffix == ".mp3":
            return dict(_id3_rows(ID3(str(path), translate=False, load_v1=False)))
        if suffix == ".m4a":
            return dict(_m4a_rows(path))
        from mutagen.oggopus import OggOpus  # what is only written needs no reader

        return {key: values[0] for key, values in OggOpus(str(path)).items()}
    except MutagenError as error:
        raise ValueError(str(error)) from error


def _id3_rows(tag: ID3) -> Iterator[tuple[str, str]]:
    for frame in tag.values():
        if isinstance(frame, TXXX):
            yield frame.HashKey.partition(":")[2], str(frame)
        elif frame.FrameID.startswith("T") or isinstance(frame, COMM | WOAF):
            yield frame.FrameID, str(frame)


def _m4a_rows(path: Path) -> Iterator[tuple[str, str]]:
    from mutagen.mp4 import MP4, MP4FreeForm  # as in tag_m4a

    for key, value in MP4(str(path)).items():
        first = value[0]
        if isinstance(first, MP4FreeForm):
            yield key.rpartition(":")[2], first.decode("utf-8")
        elif isinstance(first, str | tuple):
            yield key, first if isinstance(first, str) else str(first[0])
