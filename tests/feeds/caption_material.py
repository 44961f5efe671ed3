"""Captions for tests: by hand, and of any words and times."""

from hypothesis import strategies as st

from programme.editions import Caption, Timing
from programme.sound import WordTime
from programme.units import DurationMs

NO_CHARACTERS = "".join(
    map(
        chr,
        [
            *range(0xFDD0, 0xFDF0),
            *(plane << 16 | at for plane in range(17) for at in (0xFFFE, 0xFFFF)),
        ],
    )
)
"""Unicode's noncharacters: no script may hold them (scripts/text_files.py), and no page."""

LETTERS = st.characters(
    exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), exclude_characters=NO_CHARACTERS
)
TRAPS = ["800", "123", "+502", "que,", "اللجوء،", "-->", "&amp;", "<v", "{\\an8}", "移民局"]
WORDS = st.text(LETTERS, min_size=1, max_size=14) | st.sampled_from(TRAPS)
SENTENCES = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)
SPEAKERS = st.sampled_from(["", "", "Ana", "Voz <2> & más"])


def caption(
    start_ms: int,
    end_ms: int,
    text: str,
    paragraph: int = 0,
    *,
    speaker: str = "",
    words: tuple[tuple[int, int], ...] = (),
    kept: tuple[tuple[int, int], ...] = (),
) -> Caption:
    return Caption(
        start_ms=DurationMs(start_ms),
        end_ms=DurationMs(end_ms),
        text=text,
        paragraph=paragraph,
        speaker=speaker,
        timing=Timing.VOICE if words else Timing.LETTERS,
        words=tuple(WordTime(offset=at, start_ms=DurationMs(ms)) for at, ms in words),
        kept=kept,
    )


@st.composite
def caption_lists(draw: st.DrawFn) -> list[Caption]:
    """Give captions in order, with pauses or none between, some with word times."""
    found, now = [], 0
    for _ in range(draw(st.integers(0, 5))):
        start = now + draw(st.integers(0, 5000))
        now = start + draw(st.integers(1, 20_000))
        text = draw(SENTENCES)
        offsets = sorted(draw(st.sets(st.integers(0, len(text) - 1), max_size=20)))
        times = sorted(draw(st.lists(st.integers(start, now), max_size=20)))
        ends = sorted(draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
        found.append(
            caption(
                start,
                now,
                text,
                draw(st.integers(0, 2)),
                speaker=draw(SPEAKERS),
                words=tuple(zip(offsets, times, strict=False)),
                kept=((ends[0], ends[1]),) if ends[0] < ends[1] else (),
            )
        )
    return found
