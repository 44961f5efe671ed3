"""The K filter of ITU-R BS.1770-4 (annex 1, tables 1 and 2), for any rate, run over a stream.

Two biquads are one system of four states. Run sample by sample it would cost Python a second for
each second of sound; run a row of samples at a time it is matrix products: what a row's samples
make of each other, what the states before it make of it, and what it makes of the states.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Signal = NDArray[np.float32]

_STATES = 4
_ROW = 48
"""Samples in a row, at most: longer rows cost more products, shorter ones more states."""
_GROUP = 24
"""Rows whose states are found by one product, at most."""
_AT_ONCE = 104
"""Rows that are weighted by one product, at most: so few that OpenBLAS wakes no threads for it."""
_NOTHING = 1e-15
"""States below are nought: 200 dB under any sound, before they become too small for fast sums."""


def biquads(rate_hz: int) -> tuple[tuple[Matrix, Matrix], tuple[Matrix, Matrix]]:
    """Give the shelf and the high-pass, each as numerator and denominator of three taps."""
    k = math.tan(math.pi * 1681.974450955533 / rate_hz)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = (
        np.array([high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k])
        / a0,
        np.array([1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]),
    )
    k, q = math.tan(math.pi * 38.13547087602444 / rate_hz), 0.5003270373238773
    a0 = 1 + k / q + k * k
    high_pass = (
        np.array([1.0, -2.0, 1.0]),
        np.array([1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]),
    )
    return shelf, high_pass


@dataclass(frozen=True, slots=True, kw_only=True)
class _System:
    """s' = A s + B x, y = C s + D x."""

    a: Matrix
    b: Matrix
    c: Matrix
    d: float

    def then(self, other: "_System") -> "_System":
        """Send what it gives through another."""
        a = np.zeros((len(self.a) + len(other.a),) * 2)
        a[: len(self.a), : len(self.a)] = self.a
        a[len(self.a) :, : len(self.a)] = np.outer(other.b, self.c)
        a[len(self.a) :, len(self.a) :] = other.a
        return _System(
            a=a,
            b=np.concatenate([self.b, other.b * self.d]),
            c=np.concatenate([other.d * self.c, other.c]),
            d=self.d * other.d,
        )

    def evened(self) -> "_System":
        """Give the same system with states that noise makes equally large.

        So none is lost in single precision.
        """
        gramian, power = np.outer(self.b, self.b), self.a
        for _ in range(30):
            gramian = gramian + power @ gramian @ power.T
            power = power @ power
        scale = np.linalg.cholesky(gramian)
        back = np.linalg.inv(scale)
        return _System(a=back @ self.a @ scale, b=back @ self.b, c=self.c @ scale, d=self.d)


def _system(numerator: Matrix, denominator: Matrix) -> _System:
    first, second = denominator[1:]
    return _System(
        a=np.array([[-first, 1.0], [-second, 0.0]]),
        b=numerator[1:] - denominator[1:] * numerator[0],
        c=np.array([1.0, 0.0]),
        d=float(numerator[0]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Products:
    """Everything that a block is multiplied with."""

    row: int
    groups: int
    rows: int
    """In a group."""
    given: Signal
    """A row's samples and the states before it, to what the filter gives."""
    taken: Signal
    """A row's samples to what they add to the states behind it."""
    within: Matrix
    """What a group's rows add, to the states behind each of them."""
    across: Matrix
    """What groups add, to the states behind each of them."""
    carried: Matrix
    """The states before a group to those behind each of its rows."""
    through: Matrix
    """The states before a block to those behind each of its groups."""


def _largest_divisor(number: int, most: int) -> int:
    return next(size for size in range(most, 0, -1) if number % size == 0)


def _toeplitz(step: Matrix, count: int) -> Matrix:
    """Give the matrix from what each of some steps adds to the states behind each of them."""
    whole = np.zeros((count * _STATES,) * 2)
    for first in range(count):
        power = np.eye(_STATES)
        for at in range(first, count):
            whole[first * _STATES : (first + 1) * _STATES, at * _STATES : (at + 1) * _STATES] = (
                power.T
            )
            power = step @ power
    return whole


def _powers(step: Matrix, count: int) -> Matrix:
    powers, power = [], np.eye(_STATES)
    for _ in range(count):
        power = step @ power
        powers.append(power.T)
    return np.concatenate(powers, axis=1)


@cache
def _products(rate_hz: int, block: int) -> _Products:
    shelf, high_pass = biquads(rate_hz)
    system = _system(*shelf).then(_system(*high_pass)).evened()
    row = _largest_divisor(block, _ROW)
    rows = _largest_divisor(block // row, _GROUP)
    groups = block // row // rows
    given = np.zeros((row + _STATES, row))
    taken = np.zeros((row, _STATES))
    power, answers = np.eye(_STATES), [system.d]
    for at in range(row):
        given[row:, at] = system.c @ power
        taken[row - 1 - at] = power @ system.b
        answers.append(float(system.c @ power @ system.b))
        power = system.a @ power
    for at in range(row):
        given[at, at:row] = answers[: row - at]
    by_group = np.linalg.matrix_power(power, rows)
    return _Products(
        row=row,
        rows=rows,
        groups=groups,
        given=given.astype(np.float32),
        taken=taken.astype(np.float32),
        within=_toeplitz(power, rows),
        across=_toeplitz(by_group, groups),
        carried=_powers(power, rows),
        through=_powers(by_group, groups),
    )


class KFilter:
    """Weights a stream of blocks of one size.

    Args:
        rate_hz: of the samples.
        block: samples in each block.
    """

    def __init__(self, rate_hz: int, block: int) -> None:
        self._by = _products(rate_hz, block)
        self._states = np.zeros(_STATES)
        by = self._by
        count = by.groups * by.rows
        self._rows = np.zeros((by.groups, by.rows, by.row + _STATES), dtype=np.float32)
        self._together = self._rows.reshape(-1, _largest_divisor(count, _AT_ONCE), by.row + _STATES)

    def weighted(self, block: Signal) -> Signal:
        """Give the next block as the filter lets it through."""
        by = self._by
        rows = self._rows
        rows[:, :, : by.row] = block.reshape(by.groups, by.rows, by.row)
        added = np.matmul(block.reshape(-1, by.row), by.taken).astype(np.float64)
        # States behind each row, as if each group began with nothing.
        behind = added.reshape(by.groups, -1) @ by.within
        ends = behind[:, -_STATES:].reshape(-1) @ by.across + self._states @ by.through
        starts = np.concatenate([self._states, ends[:-_STATES]]).reshape(by.groups, _STATES)
        behind += starts @ by.carried
        behind[np.abs(behind) < _NOTHING] = 0.0
        self._states = behind[-1, -_STATES:].copy()
        rows[:, 0, by.row :] = starts
        rows[:, 1:, by.row :] = behind.reshape(by.groups, by.rows, _STATES)[:, :-1]
        weighted: Signal = np.matmul(self._together, by.given).reshape(-1)
        return weighted
