"""Guessing which lines belong together where nobody noted it: by length, words, placeholders.

Dynamic programming over lines in order, after Gale and Church, A Program for Aligning Sentences
in Bilingual Corpora (Computational Linguistics 19, 1993), with a simpler cost.
"""

from collections import Counter
from collections.abc import Sequence

from scripts.placeholders import find_placeholders

_MOST = 3
"""Lines that one sentence is guessed to have become."""
_MOST_CELLS = 60_000
"""Sentences times lines above which nothing is guessed: it would take seconds."""
_LOST = 4.0
"""What a placeholder on the wrong side costs, in sentences' lengths."""
_NONE = 1.5
"""What it costs to say that a sentence was said with the one before it."""


def equal_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Give how many lines are equal from the start, and how many others from the end."""
    most = min(len(old), len(new))
    head = 0
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def align(source: Sequence[str], target: Sequence[str]) -> list[int]:
    """Give how many lines of the target each sentence of the source became; they add up.

    The first sentence became at least one line. Equal numbers are taken one by one.
    """
    many, lines = len(source), len(target)
    if many == lines:
        return [1] * many
    if many == 0:
        return []
    if many * lines > _MOST_CELLS or lines > _MOST * many or lines == 0:
        counts = [1] * min(many, lines) + [0] * max(0, many - lines)
        counts[-1] += max(0, lines - many)
        return counts
    return _cheapest(source, target)


def _cheapest(source: Sequence[str], target: Sequence[str]) -> list[int]:
    scale = sum(map(len, target)) / max(1, sum(map(len, source)))
    lengths = [len(line) * scale for line in source]
    marks = [Counter(mark.key for mark in find_placeholders(line)) for line in source]
    theirs = [Counter(mark.key for mark in find_placeholders(line)) for line in target]
    endless = float("inf")
    cost = [[endless] * (len(target) + 1) for _ in range(len(source) + 1)]
    taken = [[0] * (len(target) + 1) for _ in range(len(source) + 1)]
    cost[0][0] = 0.0
    for i in range(1, len(source) + 1):
        for j in range(len(target) + 1):
            for count in range(0 if i > 1 else 1, min(_MOST, j) + 1):
                before = cost[i - 1][j - count]
                if before == endless:
                    continue
                length = sum(len(line) for line in target[j - count : j])
                said = sum(theirs[j - count : j], Counter[str]())
                lost = sum((marks[i - 1] - said).values()) + sum((said - marks[i - 1]).values())
                off = abs(length - lengths[i - 1]) / max(1.0, length, lengths[i - 1])
                total = before + (_NONE if count == 0 else off) + _LOST * lost
                if total < cost[i][j]:
                    cost[i][j], taken[i][j] = total, count
    counts, j = [], len(target)
    for i in range(len(source), 0, -1):
        counts.append(taken[i][j])
        j -= taken[i][j]
    return counts[::-1]


def pair(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pair lines of two versions in order, as many as the shorter has, by the words they share."""
    if len(old) == len(new):
        return [(i, i) for i in range(len(old))]
    if len(old) > len(new):
        return [(i, j) for j, i in pair(new, old)]
    bags = [Counter(line.split()) for line in old], [Counter(line.split()) for line in new]
    spare = len(new) - len(old)
    # best[i][skipped]: words shared by the first i lines when so many of the longer were skipped
    best = [[0.0] * (spare + 1) for _ in range(len(old) + 1)]
    for i in range(1, len(old) + 1):
        for skipped in range(spare + 1):
            here = best[i - 1][skipped] + _shared(bags[0][i - 1], bags[1][i - 1 + skipped])
            best[i][skipped] = max(here, best[i][skipped - 1]) if skipped else here
    pairs, skipped = [], spare
    for i in range(len(old), 0, -1):
        while skipped and best[i][skipped] == best[i][skipped - 1]:
            skipped -= 1
        pairs.append((i - 1, i - 1 + skipped))
    return pairs[::-1]


def _shared(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())
