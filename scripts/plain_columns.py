"""Many values of one type as plain columns, and back: what a cache can hold without running it.

The form of a column follows from its type alone, so a field that is added to a value needs no
line here, and a type that has no form is a bug that the first test finds. Columns, because a
workspace has ten thousand values: each column is read by a handful of calls, not each value,
and what repeats is written once.
"""

import types
import typing
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import chain, islice, repeat
from typing import Any, NamedTuple, TypeAlias

Value: TypeAlias = Any
"""A value of the type that a column is for."""
Plain: TypeAlias = Any
"""What JSON made of a column."""


class Column(NamedTuple):
    """How many values of one type are written and read."""

    write: Callable[[Sequence[Value]], Plain]
    """Values to what JSON holds."""
    read: Callable[[Plain], list[Value]]
    """Back; raises ValueError, TypeError, KeyError, IndexError or AttributeError for what was
    never written."""


@cache
def column_of(hint: Value) -> Column:
    """Give the column of a type.

    Raises:
        TypeError: the type has none.
    """
    hint = getattr(hint, "__supertype__", hint)
    if hint in {str, int, bool}:
        return Column(_write_scalars, _read_scalars)
    if hint is date:
        return _changed(date.isoformat, date.fromisoformat)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _changed(str, {member.value: member for member in hint}.__getitem__)
    if isinstance(hint, type) and is_dataclass(hint):
        return _column_of_dataclass(hint)
    if isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields"):
        return _column_of_named_tuple(hint)
    return _column_of_many(hint)


def _column_of_many(hint: Value) -> Column:
    origin: Value = typing.get_origin(hint)
    parts: tuple[Value, ...] = typing.get_args(hint)
    if origin in {typing.Union, types.UnionType} and types.NoneType in parts:
        (inner,) = (part for part in parts if part is not types.NoneType)
        return _or_none(column_of(inner))
    if origin is tuple and parts[-1:] == (Ellipsis,):
        return _once(_column_of_tuples(column_of(parts[0])), key=None)
    if origin in {list, set, frozenset}:
        return _column_of_tuples(column_of(parts[0]), origin)
    if origin is tuple:
        return _column_of_rows(parts, None)
    if origin in {Mapping, dict}:
        column = _column_of_mappings(column_of(parts[0]), column_of(parts[1]))
        # nobody changes a Mapping, so that one may stand in several places
        return _once(column, key=_pairs) if origin is Mapping else column
    raise TypeError(f"values of this type cannot be kept: {hint}")


def _pairs(given: Value) -> Value:
    return tuple(given.items())


def _once(inner: Column, *, key: Callable[[Value], Value] | None) -> Column:
    """Give the column of values that nobody changes: what is there often is written once.

    Args:
        inner: the column of the values themselves.
        key: gives what can be looked up for each; None where the values can.
    """

    def write(given: Sequence[Value]) -> Plain:
        keys = given if key is None else list(map(key, given))
        try:
            places = {one: at for at, one in enumerate(dict.fromkeys(keys))}
        except TypeError:  # it holds a value that can be changed
            return [None, inner.write(given)]
        if len(places) * 2 > len(given):
            return [None, inner.write(given)]
        first = dict(zip(reversed(keys), reversed(given), strict=True))
        at = _write_scalars([places[one] for one in keys])
        return [at, inner.write([first[one] for one in places])]

    def read(kept: Plain) -> list[Value]:
        at, values = kept
        found = inner.read(values)
        return found if at is None else list(map(found.__getitem__, _read_scalars(at)))

    return Column(write, read)


def _write_scalars(given: Sequence[Value]) -> Plain:
    """Write each different value once where many are the same, and a list of them otherwise."""
    places: dict[Value, int] = {}
    at = [places.setdefault(one, len(places)) for one in given]
    if len(places) == 1:
        return {"all": given[0], "times": len(given)}
    if len(places) * 2 > len(given):
        return list(given)
    return {"of": list(places), "at": at}


def _read_scalars(kept: Plain) -> list[Value]:
    if isinstance(kept, list):
        return kept
    if "all" in kept:
        return [kept["all"]] * int(kept["times"])
    return list(map(kept["of"].__getitem__, kept["at"]))


def _changed(plain: Callable[[Value], str], value: Callable[[str], Value]) -> Column:
    """Give the column of values that are texts when they are written; each is made once."""

    def read(kept: Plain) -> list[Value]:
        if isinstance(kept, list):
            return list(map(value, kept))
        if "all" in kept:
            return [value(kept["all"])] * int(kept["times"])
        return list(map(list(map(value, kept["of"])).__getitem__, kept["at"]))

    return Column(lambda given: _write_scalars(list(map(plain, given))), read)


def _or_none(inner: Column) -> Column:
    def write(given: Sequence[Value]) -> Plain:
        there = [one is not None for one in given]
        return [_write_scalars(there), inner.write([one for one in given if one is not None])]

    def read(kept: Plain) -> list[Value]:
        there, values = _read_scalars(kept[0]), inner.read(kept[1])
        _must_match(sum(there), values)
        if len(values) == len(there):
            return values
        rest = iter(values)
        return [next(rest) if one else None for one in there]

    return Column(write, read)


def _column_of_tuples(inner: Column, make: Callable[[Value], Value] = tuple) -> Column:
    def write(given: Sequence[Value]) -> Plain:
        lengths = _write_scalars([len(one) for one in given])
        return [lengths, inner.write(list(chain.from_iterable(given)))]

    def read(kept: Plain) -> list[Value]:
        lengths, values = _read_scalars(kept[0]), inner.read(kept[1])
        _must_match(sum(lengths), values)
        rest = iter(values)
        return [make(islice(rest, length)) for length in lengths]

    return Column(write, read)


def _column_of_mappings(keys: Column, values: Column) -> Column:
    def write(given: Sequence[Value]) -> Plain:
        lengths = _write_scalars([len(one) for one in given])
        every = keys.write(list(chain.from_iterable(given)))
        return [lengths, every, values.write([one for each in given for one in each.values()])]

    def read(kept: Plain) -> list[Value]:
        lengths, names = _read_scalars(kept[0]), keys.read(kept[1])
        _must_match(sum(lengths), names)
        rest = zip(names, values.read(kept[2]), strict=True)
        return [dict(islice(rest, length)) for length in lengths]

    return Column(write, read)


def _column_of_named_tuple(hint: Value) -> Column:
    hints = typing.get_type_hints(hint)
    return _column_of_rows([hints[name] for name in hint._fields], hint._make)


def _column_of_rows(parts: Sequence[Value], make: Callable[[Value], Value] | None) -> Column:
    columns = [column_of(part) for part in parts]

    def write(given: Sequence[Value]) -> Plain:
        turned = zip(*given, strict=True) if given else repeat((), len(columns))
        return [column.write(one) for column, one in zip(columns, turned, strict=True)]

    def read(kept: Plain) -> list[Value]:
        rows = zip(*(c.read(one) for c, one in zip(columns, kept, strict=True)), strict=True)
        return list(rows if make is None else map(make, rows))

    return Column(write, read)


def _column_of_dataclass(hint: Value) -> Column:
    """Give the column of a frozen value, whose fields are set as its own ``__init__`` does."""
    if "__slots__" not in vars(hint) or hasattr(hint, "__post_init__"):
        raise TypeError(f"values of this type cannot be kept: {hint}")
    hints = typing.get_type_hints(hint)
    names = [field.name for field in fields(hint)]
    columns = [column_of(hints[name]) for name in names]
    setters = [getattr(hint, name).__set__ for name in names]

    def write(given: Sequence[Value]) -> Plain:
        return [
            column.write([getattr(one, name) for one in given])
            for name, column in zip(names, columns, strict=True)
        ]

    def read(kept: Plain) -> list[Value]:
        found = [column.read(one) for column, one in zip(columns, kept, strict=True)]
        made = [*map(object.__new__, repeat(hint, len(found[0])))]
        for setter, values in zip(setters, found, strict=True):
            _must_match(len(made), values)
            deque(map(setter, made, values), maxlen=0)
        return made

    return Column(write, read)


def _must_match(length: int, values: Sequence[Value]) -> None:
    if length != len(values):
        raise ValueError("columns of different lengths")
