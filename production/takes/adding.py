"""Takes that a producer puts in place by hand: one file for a segment, or one for each line."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from audio.take_intake import take_in
from audio.take_verdict import judge_take
from production.notices.view import with_notices
from production.takes.importing import ImportedTake, expected_speech
from programme.storage import storage_errors
from programme.takes import TakeReview
from scripts.take_edit import check_files, replace_takes
from scripts.take_files import NewTake, spoken_facts, spoken_texts
from scripts.take_names import WHOLE, TakeName
from scripts.workspace import Workspace
from scripts.workspace_edit import known_pair, words_for


def add_takes(
    workspace: Workspace, segment: str, language: str, files: Sequence[Path], *, note: str = ""
) -> tuple[Path, tuple[ImportedTake, ...]]:
    """Take in a recording of the words as they are now; gives its take.yml and what was measured.

    Whoever names a file and its segment has chosen it: it airs whatever its verdict, unless the
    workspace wants every take accepted. Everything but its sound is left behind.

    Raises:
        ProductionError: there is no such segment or language, the words have errors, the number
            of files is wrong, a file is no sound or damaged, or the disk refuses. Nothing is
            written then.
    """
    workspace = with_notices(workspace)
    tag = known_pair(workspace, segment, language)
    script = words_for(workspace, segment, tag)
    check_files(files, script)
    review = TakeReview.NEW if workspace.network.review_recordings else TakeReview.ACCEPTED
    lines = [WHOLE] if len(files) == 1 else range(1, len(files) + 1)
    found, new = [], []
    with storage_errors(Path(tempfile.gettempdir())), tempfile.TemporaryDirectory() as scratch:
        for line, source in zip(lines, files, strict=True):
            path = Path(scratch) / f"{line:03d}.flac"
            quality = take_in(source, where=str(source), out=path)
            verdict, faults = judge_take(quality, expected_speech(script, line, tag))
            found.append(
                ImportedTake(
                    file=source.name,
                    name=TakeName(segment=segment, language=tag, line=line),
                    quality=quality,
                    verdict=verdict,
                    faults=faults,
                    airs=review is TakeReview.ACCEPTED,
                )
            )
            new.append(
                NewTake(
                    source=path,
                    line=line,
                    texts=spoken_texts(script, line),
                    facts=spoken_facts(workspace, script, line),
                    verdict=verdict,
                    faults=tuple(fault.value for fault in faults),
                    review=review,
                )
            )
        kept = replace_takes(workspace, segment, tag, new, note=note)
    return kept.path, tuple(found)
