"""What is to be deleted of earlier packs: withdrawn and corrected episodes, file by file.

A pack cannot be called back. Whoever copies the next one onto the same stick has the old files
beside the new ones, so each pack names those that must not be played any more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from programme.digests import Plain
from programme.notices import NoticeKind
from programme.units import Digest, LanguageTag
from stations.phrases import Phrases, direction, language_name
from stations.plain_text import isolate, one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class RecalledFile:
    """One file of an earlier pack."""

    path: str
    """Inside that pack, with forward slashes; empty where nobody noted it."""
    digest: Digest
    """Of its bytes; empty where nobody noted it."""
    packs: tuple[str, ...]
    """The packs that held it, as ``name/serial``, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """One edition that earlier packs held and nobody may play any more."""

    series: str
    episode: str
    language: LanguageTag
    title: str
    """As it was called in those packs."""
    kind: NoticeKind
    reason: str
    """In its language, as the operator says; empty where nobody said."""
    since: date
    files: tuple[RecalledFile, ...]


def render_recalls(recalls: tuple[Recall, ...], present: frozenset[str]) -> list[Plain]:
    """Give the recall list as ``pack.json`` holds it.

    Args:
        recalls: by language and episode.
        present: paths of this pack: a file of the same name takes the place of the old one.
    """
    return [
        {
            "series": one.series,
            "episode": one.episode,
            "language": one.language,
            "title": one.title,
            "kind": one.kind.value,
            "reason": one.reason,
            "since": one.since.isoformat(),
            "files": [
                {
                    "path": file.path,
                    "sha256": file.digest,
                    "packs": list(file.packs),
                    "replaced": file.path in present,
                }
                for file in one.files
            ],
        }
        for one in recalls
    ]


def recall_lines(
    recalls: tuple[Recall, ...], present: Mapping[str, str], say: Phrases
) -> Iterator[str]:
    """Say in the words of one language what to delete; nothing where nothing is recalled.

    Args:
        recalls: those that the reader is told of.
        present: paths of this pack, each with the title of what it is now.
        say: the reader's phrases.
    """
    if not recalls:
        return
    way = direction(say.language)
    yield say("recall")
    for one in recalls:
        yield "- " + say(
            "recall_line",
            language=language_name(one.language),
            title=isolate(one_line(one.title), way),
            why=say(f"recall_{one.kind.value}"),
            date=say.day(one.since),
        )
        if one.reason:
            yield "  " + say("recall_reason", reason=isolate(one_line(one.reason), way))
        # corrected twice, a message had the same name in several packs: people read it once
        for path in dict.fromkeys(file.path for file in one.files):
            if not path:
                yield "  " + say("recall_file_unknown")
            elif path in present:
                yield "  " + say(
                    "recall_file_replaced",
                    file=isolate(path, way),
                    title=isolate(one_line(present[path]), way),
                )
            else:
                yield "  " + say("recall_file", file=isolate(path, way))
