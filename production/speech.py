"""What a voice is asked for: the words of one sentence, and who says them how.

Apart from the steps of a plan, so that a worker that speaks need not load what plans.
"""

from dataclasses import dataclass
from pathlib import Path

from audio.jobs import SpeakJob
from programme.units import LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What a voice is asked for; a SpeakJob without its file."""

    engine: str
    voice: str
    language: LanguageTag
    text: str
    words_per_minute: int
    protected: bool = False
    """Words of or about people at risk: no online voice is ever given them."""

    def job(self, out: Path | None = None) -> SpeakJob:
        """Give the job that writes the take to a file, or that only speaks."""
        return SpeakJob(
            engine=self.engine,
            voice=self.voice,
            language=self.language,
            text=self.text,
            words_per_minute=self.words_per_minute,
            protected=self.protected,
            out=out,
        )
