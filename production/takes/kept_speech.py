"""Sentences that an online voice spoke, kept for ever in the workspace's folder ``spoken/``.

The store under .altavoz may be deleted, because it costs only time. What an online voice said
cannot be had again without a network, nor with surety the same: so it is kept beside the words
it speaks, goes into git with them, and is asked for once. Each sentence is a FLAC file and a
small JSON file that says, for people too, which words it holds.
"""

import json
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from audio.voices.catalogue import setting_of
from production.speech import Speech
from programme.digests import Plain, digest_file, fingerprint
from programme.sound import TakeInfo, WordTime
from programme.storage import put_file, storage_errors, sync_folder
from programme.units import DurationMs, Hz, Samples

FOLDER = "spoken"
"""In the workspace. Nothing of it is published but inside finished editions."""


def kept_stem(root: Path, speech: Speech) -> Path:
    """Give where a sentence is kept, without the ending.

    Its name rests on what the service is asked and on nothing else: a new version of the program
    that asks does not make it forget.
    """
    asked: Mapping[str, Plain] = {
        **_words(speech),
        "setting": setting_of(speech.engine, speech.voice, speech.words_per_minute),
    }
    return root / FOLDER / speech.language / fingerprint(asked)[:32]


def take_kept(stem: Path, speech: Speech, out: Path) -> TakeInfo | None:
    """Copy a kept sentence to ``out`` and describe it.

    None where there is none that is whole and says of itself that it holds these very words: a
    file that somebody renamed or merged must not speak in another's place.
    """
    try:
        row = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
        is_it = {name: row[name] for name in _words(speech)} == _words(speech)
        if not is_it or digest_file(stem.with_suffix(".flac")) != row["sha256"]:
            return None
        info = _info(row)
        shutil.copyfile(stem.with_suffix(".flac"), out)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return info


def keep(stem: Path, speech: Speech, take: Path, info: TakeInfo) -> None:
    """Keep a sentence: the sound first, its description last.

    Raises:
        ProductionError: the disk refuses; code STORAGE.
    """
    row = {
        **_words(speech),
        "rate_hz": info.rate_hz,
        "samples": info.samples,
        "words": [[word.offset, word.start_ms] for word in info.words],
        "sha256": digest_file(take),
    }
    with storage_errors(stem.parent):
        stem.parent.mkdir(parents=True, exist_ok=True)
        with take.open("rb") as spoken:
            put_file(stem.with_suffix(".flac"), partial(shutil.copyfileobj, spoken))
        text = json.dumps(row, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        put_file(stem.with_suffix(".json"), lambda out: out.write(text.encode("utf-8")))
        sync_folder(stem.parent)


def _words(speech: Speech) -> dict[str, Plain]:
    """Give what was asked, as the description holds it."""
    return {
        "engine": speech.engine,
        "voice": speech.voice,
        "language": speech.language,
        "text": speech.text,
    }


def _info(row: Any) -> TakeInfo:  # noqa: ANN401 - JSON
    return TakeInfo(
        rate_hz=Hz(int(row["rate_hz"])),
        samples=Samples(int(row["samples"])),
        words=tuple(
            WordTime(offset=int(offset), start_ms=DurationMs(int(start)))
            for offset, start in row["words"]
        ),
    )
