"""The workload as the reference programs want it: a text file a segment, and the sounds.

    plain/texts/LANGUAGE/001.txt      what a segment says, numbers written out as digits
    plain/sounds/*.wav                the workspace's own
    plain/languages.json              each language's voice of espeak-ng and its title

The references speak with the same voices at about the same pace, lay the same bed and stings, and
code at the same rates.
"""

import json
import re
import shutil
from pathlib import Path

from bench.workload import Workload

ENGINE_VOICES = {"en": "en-us", "pt-BR": "pt-br", "pt-PT": "pt"}
"""Where espeak-ng's name of a voice is not the language's."""
SPEECH_RATE = 150
"""Words a minute as espeak-ng is asked for them."""
_PLACE = re.compile(r"\{\{phone:line-(\d)\}\}")


def engine_voice(language: str) -> str:
    """Give espeak-ng's name of the voice that speaks a language."""
    return ENGINE_VOICES.get(language, language)


def digits(line: str) -> str:
    """Write a sentence's number out."""
    return _PLACE.sub(r"100\1", line)


def write_plain(workload: Workload, folder: Path) -> None:
    """Write the workload's words and sounds into a folder that must not exist."""
    folder.mkdir()
    shutil.copytree(workload.folder / "sounds", folder / "sounds")
    for language, segments in workload.texts.items():
        texts = folder / "texts" / language
        texts.mkdir(parents=True)
        for number, lines in enumerate(segments, 1):
            said = "\n".join(map(digits, lines)) + "\n"
            (texts / f"{number:03d}.txt").write_text(said, encoding="utf-8", newline="\n")
    voices = {language: engine_voice(language) for language in workload.languages}
    (folder / "languages.json").write_text(json.dumps(voices), encoding="utf-8")
