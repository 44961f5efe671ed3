"""A reference: the workload as a station's volunteer would make it with pydub.

    python bench/reference_pydub.py PLAIN OUT

espeak-ng is run for each segment, sounds are put together as AudioSegments, the bed is laid
under all of it and ducked under speech, loudness is read by ffmpeg's ebur128 and set by one gain,
pydub exports MP3 at 64 kbit/s and Opus at 24 kbit/s, mutagen writes title and chapters, feedgen a
feed; a ZIP of it all is the pack. Honest work, as it is taught, with no detour to make it slow.
"""

import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from feedgen.feed import FeedGenerator
from mutagen.id3 import CHAP, CTOC, ID3, TIT2, CTOCFlags
from pydub import AudioSegment

RATE_HZ = 48_000
PAUSE_MS = 500
TARGET_LUFS = -16.0
BED_DB, DUCK_DB = -6.0, -12.0
SPEECH_RATE = "150"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One language's episode before it is coded."""

    sound: AudioSegment
    speech_ms: list[tuple[int, int]]
    """Start and end of each segment's speech."""


def load(path: Path) -> AudioSegment:
    """Read a WAV file as the mix needs it."""
    return AudioSegment.from_wav(path).set_frame_rate(RATE_HZ).set_channels(1)


def speak(voice: str, text: Path, out: Path) -> AudioSegment:
    """Have espeak-ng read a file aloud."""
    command: list[str | Path] = ["espeak-ng", "-v", voice, "-s", SPEECH_RATE, "-f", text, "-w", out]
    subprocess.run(command, check=True)
    return load(out)


def put_together(plain: Path, out: Path, language: str, voice: str) -> Programme:
    """Put jingle, stings, speech and outro one behind the other, with the bed under them."""
    sounds = plain / "sounds"
    jingle, sting, outro, bed = (
        load(sounds / f"{name}.wav") for name in ("jingle", "sting", "outro", "bed")
    )
    pause = AudioSegment.silent(PAUSE_MS, RATE_HZ)
    sound = jingle
    spans = []
    for text in sorted((plain / "texts" / language).iterdir()):
        sound += pause + sting + pause
        start = len(sound)
        sound += speak(voice, text, out / f"{language}-{text.stem}.wav")
        spans.append((start, len(sound)))
    sound += pause
    start, end = len(jingle), len(sound)
    sound += outro
    music = (bed + BED_DB) * ((end - start) // len(bed) + 1)
    ducked, at = AudioSegment.empty(), start
    for first, last in spans:
        ducked += music[at - start : first - start]
        ducked += music[first - start : last - start] + DUCK_DB
        at = last
    ducked += music[at - start : end - start]
    return Programme(sound=sound.overlay(ducked, position=start), speech_ms=spans)


def loudness(sound: AudioSegment, scratch: Path) -> float:
    """Read the integrated loudness with ffmpeg."""
    sound.export(scratch, format="wav")
    command: list[str | Path] = ["ffmpeg", "-hide_banner", "-nostats", "-i", scratch]
    command += ["-af", "ebur128", "-f", "null", "-"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    scratch.unlink()
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", said)[-1])


def tag(path: Path, programme: Programme, title: str) -> None:
    """Write the title and a chapter for each segment."""
    tags = ID3()
    tags.add(TIT2(encoding=3, text=title))
    names = [f"c{number}" for number in range(1, len(programme.speech_ms) + 1)]
    flags = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    tags.add(CTOC(element_id="toc", flags=flags, child_element_ids=names[:255], sub_frames=[]))
    for name, (start, end) in zip(names, programme.speech_ms, strict=True):
        part = [TIT2(encoding=3, text=name)]
        tags.add(CHAP(element_id=name, start_time=start, end_time=end, sub_frames=part))
    tags.save(path)


def write_feed(path: Path, title: str, language: str, sound: Path) -> None:
    """Write a feed of one item."""
    address = f"https://bench.example.org/{language}"
    feed = FeedGenerator()
    feed.title(title)
    feed.link(href=address)
    feed.description(title)
    feed.language(language)
    item = feed.add_entry()
    item.id(f"{address}/1")
    item.title(title)
    item.enclosure(f"{address}/{sound.name}", str(sound.stat().st_size), "audio/mpeg")
    feed.rss_file(str(path))


def main() -> int:
    """Make every language's episode and the pack."""
    plain, out = map(Path, sys.argv[1:3])
    out.mkdir()
    made: list[Path] = []
    for language, voice in json.loads((plain / "languages.json").read_text("utf-8")).items():
        programme = put_together(plain, out, language, voice)
        gain = TARGET_LUFS - loudness(programme.sound, out / "loudness.wav")
        sound = programme.sound + gain
        title = f"Notices, one ({language})"
        mp3, opus = out / f"{language}.mp3", out / f"{language}.opus"
        sound.export(mp3, format="mp3", bitrate="64k")
        sound.export(opus, format="opus", codec="libopus", bitrate="24k")
        tag(mp3, programme, title)
        feed = out / f"{language}.xml"
        write_feed(feed, title, language, mp3)
        made += [mp3, opus, feed]
    with zipfile.ZipFile(out / "pack.zip", "w") as pack:
        for path in made:
            pack.write(path, path.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
