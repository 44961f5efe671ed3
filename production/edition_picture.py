"""The picture of an edition: waveform, loudness against its target, chapters, sentences, bed.

A drawing (SVG) in rows of some minutes, so that a short one is large and a long one is whole.
What is wrong is red and stands in words at the top: peaks over what is allowed, loudness out of
tolerance, long silences. Text of the listeners' languages stays text, which whoever shows the
drawing shapes and orders.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from unicodedata import bidirectional

from production.artwork.drawing import FAMILY
from production.edition_view import EditionView
from programme.units import DurationMs
from programme.wording import clock

if TYPE_CHECKING:
    from audio.curves import Curves

WIDTH = 1600
LEFT, RIGHT = 70, 20
HEAD = 118
_ROW_MS = 240_000
_MOST_ROWS = 12
_CHAPTERS, _WAVE, _SENTENCES, _LOUDNESS, _BED, _AXIS = 26, 110, 18, 120, 34, 26
ROW = _CHAPTERS + _WAVE + _SENTENCES + _LOUDNESS + _BED + _AXIS
_RIGHT_TO_LEFT_MARK = "\N{RIGHT-TO-LEFT MARK}"
_SHAPERS = f"\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}{_RIGHT_TO_LEFT_MARK}"
"""Signs that are not seen and that shape and order Persian, Arabic and Indian letters."""
_QUIETEST = -45.0
"""LUFS at the foot of the loudness curve."""
_BED_UP = 8.0
"""dB at the top of the bed's curve; its foot is -2."""
LONG_SILENCE_MS = 2_000
"""Within a programme a longer silence makes a radio's silence detector wake."""
_WHOLE_MS = 3_000
"""The window of the loudness over 3 s."""
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800)

INK, PALE, WAVE, SHORT, GOOD, BAD, BEDS = (
    "#1a1a1a", "#6b6b6b", "#3b6ea5", "#b35c00", "#dcefd9", "#c00018", "#7a4fa3",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that an engineer should look at."""

    text: str
    at_ms: DurationMs | None = None
    """When; None for the whole."""
    until_ms: DurationMs | None = None


def faults_of(view: EditionView, curves: "Curves") -> tuple[Fault, ...]:
    """Give what is out of bounds in a finished file."""
    return tuple(_faults(view, curves))


def _faults(view: EditionView, curves: "Curves") -> Iterator[Fault]:
    profile, found = view.profile, curves.loudness
    if abs(found.integrated - profile.loudness_lufs) > profile.tolerance_lu:
        yield Fault(
            text=f"loudness {found.integrated:.1f} LUFS, asked for"
            f" {profile.loudness_lufs:.1f} ± {profile.tolerance_lu:.1f}"
        )
    if found.true_peak > profile.max_dbtp:
        yield Fault(
            text=f"true peak {found.true_peak:.1f} dBTP, at most {profile.max_dbtp:.1f} is allowed"
        )
    last = None
    for at in curves.overs:
        # One fault a second is enough to be seen.
        if last is None or at - last >= 1_000:
            yield Fault(text=f"peak too high at {clock(at // 1000)}", at_ms=at, until_ms=at)
            last = at
    for silence in curves.silences:
        if silence.end_ms - silence.start_ms > LONG_SILENCE_MS:
            seconds = (silence.end_ms - silence.start_ms) / 1000
            yield Fault(
                text=f"{seconds:.1f} s of silence at {clock(silence.start_ms // 1000)}",
                at_ms=silence.start_ms,
                until_ms=silence.end_ms,
            )


def rows_of(duration_ms: int) -> int:
    """Give how many rows a picture has."""
    return max(1, min(_MOST_ROWS, -(-duration_ms // _ROW_MS)))


def draw_edition(view: EditionView, curves: "Curves", faults: Sequence[Fault]) -> str:
    """Draw an edition as SVG."""
    rows = rows_of(curves.duration_ms)
    height = HEAD + rows * ROW + 8
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' height="{height}" font-family="{FAMILY}" font-size="13" role="img"'
        f' aria-label="{escape(view.title)}">'
    )
    parts = [
        opening,
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        *_head(view, curves, faults),
    ]
    per_row = curves.duration_ms / rows
    for number in range(rows):
        row = _Row(
            view=view,
            curves=curves,
            start_ms=per_row * number,
            end_ms=per_row * (number + 1),
            top=HEAD + number * ROW,
        )
        parts += row.draw(faults)
    parts.append("</svg>")
    return "\n".join(parts)


def _head(view: EditionView, curves: "Curves", faults: Sequence[Fault]) -> Iterator[str]:
    found, profile = curves.loudness, view.profile
    yield _text(LEFT, 30, view.title, size=22, weight="bold")
    figures = [
        view.about,
        f"{clock(curves.duration_ms // 1000)}",
        f"{found.integrated:.1f} LUFS (asked for {profile.loudness_lufs:.1f})",
        f"peak {found.true_peak:.1f} dBTP (at most {profile.max_dbtp:.1f})",
        f"range {found.range_lu:.1f} LU",
    ]
    if view.words_per_minute:
        figures.append(f"{view.words_per_minute} words a minute")
    if view.valid_until:
        figures.append(f"valid until {view.valid_until}")
    yield _text(LEFT, 56, " · ".join(figures), size=15)
    wrong = [fault.text for fault in faults]
    shown = "; ".join(wrong[:5]) + (f"; and {len(wrong) - 5} more" if len(wrong) > 5 else "")
    yield _text(LEFT, 82, shown or "Nothing is out of bounds.", size=15, fill=BAD if wrong else INK)
    x = LEFT
    legend = [(WAVE, "waveform"), (SHORT, "loudness over 3 s"), (PALE, "over 0.4 s")]
    legend += [(BEDS, "gain of the bed")] if view.beds else []
    for colour, name in legend:
        yield f'<rect x="{x}" y="98" width="18" height="8" fill="{colour}"/>'
        yield _text(x + 24, 107, name, fill=PALE)
        x += 44 + 8 * len(name)
    if view.beds is None:
        yield _text(x, 107, "how the bed ducks is not known any more: build again", fill=PALE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One stretch of the edition, from left to right."""

    view: EditionView
    curves: "Curves"
    start_ms: float
    end_ms: float
    top: int

    def x(self, ms: float) -> float:
        """Where a moment stands."""
        share = (ms - self.start_ms) / max(1.0, self.end_ms - self.start_ms)
        return round(LEFT + min(1.0, max(0.0, share)) * (WIDTH - LEFT - RIGHT), 1)

    def draw(self, faults: Sequence[Fault]) -> Iterator[str]:
        """Draw every band of the row, the faults behind them."""
        yield from self._marks(faults)
        yield from self._chapters(self.top)
        yield from self._wave(self.top + _CHAPTERS)
        yield from self._sentences(self.top + _CHAPTERS + _WAVE)
        loudness = self.top + _CHAPTERS + _WAVE + _SENTENCES
        yield from self._loudness(loudness)
        yield from self._beds(loudness + _LOUDNESS)
        yield from self._axis(loudness + _LOUDNESS + _BED)

    def _holds(self, start_ms: float, end_ms: float) -> bool:
        return start_ms < self.end_ms and end_ms >= self.start_ms

    def _marks(self, faults: Sequence[Fault]) -> Iterator[str]:
        for fault in faults:
            if fault.at_ms is None or fault.until_ms is None:
                continue
            if self._holds(fault.at_ms, fault.until_ms):
                left, right = self.x(fault.at_ms), self.x(fault.until_ms)
                yield _box(
                    left - 1, self.top + _CHAPTERS, max(3.0, right - left + 2),
                    ROW - _CHAPTERS - _AXIS, BAD, opacity=0.25, title=fault.text,
                )  # fmt: skip

    def _chapters(self, top: int) -> Iterator[str]:
        for number, chapter in enumerate(self.view.chapters):
            if self._holds(chapter.start_ms, chapter.end_ms):
                left, right = self.x(chapter.start_ms), self.x(chapter.end_ms)
                shade = "#e8eef5" if number % 2 else "#d5e1ee"
                yield _box(left, top, right - left, _CHAPTERS - 4, shade, title=chapter.title)
                room = int((right - left) / 7.5)
                if room >= 4:
                    yield _text(left + 4, top + 16, short_title(chapter.title, room))

    def _wave(self, top: int) -> Iterator[str]:
        middle, half = top + _WAVE / 2, _WAVE / 2 - 4
        yield f'<path d="M{LEFT} {middle}H{WIDTH - RIGHT}" stroke="{PALE}" stroke-width=".5"/>'
        limit = 10 ** (self.view.profile.max_dbtp / 20) * half
        for y in (middle - limit, middle + limit):
            yield (
                f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{BAD}" stroke-width=".7"'
                ' stroke-dasharray="6 6"/>'
            )
        highs = self._columns(self.curves.high, 10, max)
        lows = self._columns(self.curves.low, 10, min)
        if highs:
            over = [f"{x} {middle - value * half:.1f}" for x, value in highs]
            under = [f"{x} {middle - value * half:.1f}" for x, value in reversed(lows)]
            yield f'<path d="M{"L".join([*over, *under])}Z" fill="{WAVE}"/>'
        yield _text(LEFT - 8, middle + 4, "wave", anchor="end", fill=PALE)

    def _columns(
        self, figures: Sequence[float], step_ms: int, pick: Callable[[Sequence[float]], float]
    ) -> list[tuple[float, float]]:
        """Give the row's figures, no more than one for each pixel."""
        first, last = int(self.start_ms / step_ms), int(self.end_ms / step_ms)
        chosen = figures[first:last]
        width = max(1, -(-len(chosen) // (WIDTH - LEFT - RIGHT)))
        return [
            (self.x((first + at + width / 2) * step_ms), pick(chosen[at : at + width]))
            for at in range(0, len(chosen), width)
        ]

    def _sentences(self, top: int) -> Iterator[str]:
        for number, caption in enumerate(self.view.captions, start=1):
            if self._holds(caption.start_ms, caption.end_ms):
                left, right = self.x(caption.start_ms), self.x(caption.end_ms)
                yield _box(
                    left, top + 3, max(1.0, right - left - 1), _SENTENCES - 7, "#8aa9c8",
                    title=f"{number}. {caption.text}",
                )  # fmt: skip
        yield _text(LEFT - 8, top + 13, "words", anchor="end", fill=PALE)

    def _loudness(self, top: int) -> Iterator[str]:
        profile = self.view.profile
        loudest = profile.loudness_lufs + 10.0

        def y(lufs: float) -> float:
            share = (loudest - max(_QUIETEST, min(loudest, lufs))) / (loudest - _QUIETEST)
            return round(top + 4 + share * (_LOUDNESS - 8), 1)

        high = y(profile.loudness_lufs + profile.tolerance_lu)
        low = y(profile.loudness_lufs - profile.tolerance_lu)
        yield _box(LEFT, high, WIDTH - LEFT - RIGHT, max(1.5, low - high), GOOD)
        for lufs in range(-40, 1, 10):
            if lufs < loudest:
                yield (
                    f'<path d="M{LEFT} {y(lufs)}H{WIDTH - RIGHT}" stroke="#ddd" stroke-width=".7"/>'
                )
                yield _text(LEFT - 8, y(lufs) + 4, str(lufs), anchor="end", fill=PALE)
        momentary = self._columns(self.curves.momentary, 100, max)
        short = self._columns(self.curves.short_term, 100, max)
        # Before three seconds have gone by there is no such figure.
        short = [(x, value) for x, value in short if x > self.x(_WHOLE_MS)]
        for points, colour, width in ((momentary, "#a8a8a8", 0.8), (short, SHORT, 1.8)):
            if points:
                line = "L".join(f"{x} {y(value)}" for x, value in points)
                yield f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="{width}"/>'

    def _beds(self, top: int) -> Iterator[str]:
        def y(gain_db: float) -> float:
            return round(top + 2 + (_BED_UP - gain_db) / (_BED_UP + 2) * (_BED - 6), 1)

        drawn = False
        for bed in self.view.beds or ():
            if len(bed) > 1 and self._holds(bed[0].at_ms, bed[-1].at_ms):
                points = "L".join(f"{self.x(p.at_ms)} {y(p.gain_db)}" for p in bed)
                yield f'<path d="M{points}" fill="none" stroke="{BEDS}" stroke-width="1.6"/>'
                drawn = True
        if drawn:
            yield _text(LEFT - 8, top + 20, "bed", anchor="end", fill=PALE)

    def _axis(self, top: int) -> Iterator[str]:
        yield f'<path d="M{LEFT} {top}H{WIDTH - RIGHT}" stroke="{INK}" stroke-width=".8"/>'
        span_s = (self.end_ms - self.start_ms) / 1000
        step = next((s for s in _STEPS_S if span_s / s <= 16), _STEPS_S[-1])
        first = -int(-self.start_ms // (step * 1000))
        for number in range(first, int(self.end_ms // (step * 1000)) + 1):
            x = self.x(number * step * 1000)
            yield f'<path d="M{x} {top}v5" stroke="{INK}" stroke-width=".8"/>'
            yield _text(x, top + 18, clock(number * step), anchor="middle", fill=PALE)


def short_title(text: str, room: int) -> str:
    """Shorten a title to so many letters; the sign of it stands where the reader stops reading."""
    if len(text) <= room:
        return text
    kept = text[: max(1, room - 1)].rstrip()
    # the drawing reads from the left, so the sign needs a letter from the right behind it
    ends_left = bidirectional(kept[-1:]) in {"R", "AL"}
    return f"{kept}…{_RIGHT_TO_LEFT_MARK if ends_left else ''}"


def _text(
    x: float, y: float, text: str, *, size: int = 13, fill: str = INK, anchor: str = "start",
    weight: str = "normal",
) -> str:  # fmt: skip
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"'
        f' font-weight="{weight}">{escape(_drawable(text))}</text>'
    )


def _box(
    x: float, y: float, width: float, height: float, fill: str, *, opacity: float = 1.0,
    title: str = "",
) -> str:  # fmt: skip
    inside = f"<title>{escape(_drawable(title))}</title>" if title else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"'
        f' fill-opacity="{opacity}">{inside}</rect>'
    )


def _drawable(text: str) -> str:
    """Leave out what XML cannot hold; names of files may hold it."""
    return "".join(_allowed(text))


def _allowed(text: Iterable[str]) -> Iterator[str]:
    for letter in text:
        if letter.isprintable() or letter in _SHAPERS:
            yield letter
