"""Values as plain lists and texts, and back: what a cache can hold without running anything.

The form of a value follows from its type alone, so a field that is added to a value needs no
line here, and a type that has no form is a bug that the first test finds.
"""

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, TypeAlias

Value: TypeAlias = Any
"""A value of the type that a form is for, or what JSON made of it."""
Change = Callable[[Value], Value] | None
"""None where a value is plain already."""


class Form(NamedTuple):
    """How values of one type are written and read."""

    plain: Change
    """Value to what JSON holds."""
    value: Change
    """Back; raises ValueError, TypeError, KeyError or IndexError for what was never written."""

    def write(self, given: Value) -> Value:
        """Give what JSON holds for a value."""
        return given if self.plain is None else self.plain(given)

    def read(self, kept: Value) -> Value:
        """Give the value that was written."""
        return kept if self.value is None else self.value(kept)


_AS_IT_IS = Form(None, None)


@cache
def form_of(hint: Value) -> Form:
    """Give the form of a type.

    Raises:
        TypeError: the type has none.
    """
    hint = getattr(hint, "__supertype__", hint)
    if hint in {str, int, bool}:
        return _AS_IT_IS
    if hint is date:
        return Form(date.isoformat, date.fromisoformat)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        members: dict[str, StrEnum] = {member.value: member for member in hint}
        return Form(str, members.__getitem__)
    if isinstance(hint, type) and is_dataclass(hint):
        return _form_of_dataclass(hint)
    if isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields"):
        return _form_of_named_tuple(hint)
    return _form_of_many(hint)


def _form_of_many(hint: Value) -> Form:
    origin: Value = typing.get_origin(hint)
    parts: tuple[Value, ...] = typing.get_args(hint)
    if origin in {typing.Union, types.UnionType} and types.NoneType in parts:
        (inner,) = (part for part in parts if part is not types.NoneType)
        return _or_none(form_of(inner))
    if origin is tuple and parts[-1:] == (Ellipsis,):
        return _form_of_tuple(form_of(parts[0]))
    if origin is tuple:
        return _form_of_row([form_of(part) for part in parts])
    if origin is Mapping and form_of(parts[0]) is _AS_IT_IS:
        return _form_of_mapping(form_of(parts[1]))
    raise TypeError(f"values of this type cannot be kept: {hint}")


def _or_none(inner: Form) -> Form:
    if inner is _AS_IT_IS:
        return inner
    return Form(
        lambda given: None if given is None else inner.write(given),
        lambda kept: None if kept is None else inner.read(kept),
    )


def _form_of_tuple(inner: Form) -> Form:
    if inner is _AS_IT_IS:
        return Form(list, tuple)
    plain, value = inner.plain or inner.write, inner.value or inner.read
    return Form(lambda given: [*map(plain, given)], lambda kept: (*map(value, kept),))


def _form_of_row(inner: list[Form]) -> Form:
    if all(form is _AS_IT_IS for form in inner):
        return Form(list, tuple)
    return Form(
        lambda given: [form.write(one) for form, one in zip(inner, given, strict=True)],
        lambda kept: tuple(form.read(one) for form, one in zip(inner, kept, strict=True)),
    )


def _form_of_mapping(inner: Form) -> Form:
    if inner is _AS_IT_IS:
        return Form(dict, dict)
    return Form(
        lambda given: {key: inner.write(one) for key, one in given.items()},
        lambda kept: {key: inner.read(one) for key, one in kept.items()},
    )


def _form_of_dataclass(hint: Value) -> Form:
    hints = typing.get_type_hints(hint)
    names = [field.name for field in fields(hint)]
    forms = {name: form_of(hints[name]) for name in names}
    to_plain = [(at, form.plain) for at, form in enumerate(forms.values()) if form.plain]
    to_value = [(name, form.value) for name, form in forms.items() if form.value]

    def plain(given: Value) -> list[Value]:
        row = [getattr(given, name) for name in names]
        for at, change in to_plain:
            row[at] = change(row[at])
        return row

    def value(kept: list[Value]) -> Value:
        row = dict(zip(names, kept, strict=True))
        for name, change in to_value:
            row[name] = change(row[name])
        return hint(**row)

    return Form(plain, value)


def _form_of_named_tuple(hint: Value) -> Form:
    hints = typing.get_type_hints(hint)
    forms = [form_of(hints[name]) for name in hint._fields]
    to_plain = [(at, form.plain) for at, form in enumerate(forms) if form.plain]
    to_value = [(at, form.value) for at, form in enumerate(forms) if form.value]

    def plain(given: Value) -> list[Value]:
        row = list(given)
        for at, change in to_plain:
            row[at] = change(row[at])
        return row

    def value(kept: list[Value]) -> Value:
        row = list(kept)
        for at, change in to_value:
            row[at] = change(row[at])
        return hint._make(row)

    return Form(plain, value)
