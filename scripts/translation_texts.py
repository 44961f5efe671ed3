"""Translations whose words are read when somebody asks for them, and never other words."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path

from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.units import LanguageTag
from programme.words import Script, Translation
from scripts.read_segments import FOLDER
from scripts.segment_found import Ground
from scripts.summaries import Summary, with_words
from scripts.text_files import read_text
from scripts.tree import Mark, mark_of

Key = tuple[str, LanguageTag]

_MOST_KEPT = 2000
"""Texts kept once they were read, of about 10 kB each: a workspace of ordinary size as a whole."""


class TranslationTexts(Mapping[Key, Translation]):
    """Every segment in every language; the words come from the file, as they were checked."""

    def __init__(
        self,
        root: Path,
        summaries: Mapping[Key, Summary],
        marks: Mapping[str, Mapping[str, Mark]],
        ground: Ground,
    ) -> None:
        """Take what was found.

        Args:
            root: of the workspace.
            summaries: what was found for each key.
            marks: by segment, what the disk said of each file when it was checked.
            ground: what the texts were judged by.
        """
        self._root = root
        self._summaries = summaries
        self._marks = marks
        self._ground = ground
        self._kept: OrderedDict[Key, Translation] = OrderedDict()

    def __getitem__(self, key: Key) -> Translation:
        """Give a translation.

        Raises:
            KeyError: there is no such segment or language.
            ProductionError: the file is not the one that was checked; run the command again.
        """
        summary = self._summaries[key]
        if not summary.has_words:
            return with_words(summary, None)
        kept = self._kept.get(key)
        if kept is None:
            kept = with_words(summary, self._read(summary))
            self._kept[key] = kept
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return kept

    def __iter__(self) -> Iterator[Key]:
        return iter(self._summaries)

    def __len__(self) -> int:
        return len(self._summaries)

    def __contains__(self, key: object) -> bool:
        return key in self._summaries

    def _read(self, summary: Summary) -> Script:
        from scripts.script_file import parse_script  # what lists titles needs no parser

        name = f"{summary.language}.md"
        path = self._root / FOLDER / summary.segment / name
        checked = self._marks[summary.segment].get(name)
        before = mark_of(path)
        text = read_text(path, file=summary.file, findings=Findings())
        script = None
        if text is not None and checked is not None and checked == before == mark_of(path):
            script = parse_script(
                text,
                file=summary.file,
                segment=summary.segment,
                language=summary.language,
                book=self._ground.book,
                style=self._ground.style,
                findings=Findings(),
            )
        if script is None or script.words_digest != summary.words_digest:
            raise ProductionError(
                "this text changed while Altavoz was at work",
                where=summary.file,
                remedy="run the command again, so that what is said is what was checked",
                code=ExitCode.INPUT,
            )
        return script
