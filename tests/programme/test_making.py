"""Frozen values that are made fast are the values that their class makes."""

import copy
from dataclasses import FrozenInstanceError, dataclass, field, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.making import maker


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What the tests make."""

    name: str
    length_bytes: int = 0
    day: date | None = None
    parts: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.length_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Has more to it than its fields."""

    first: int
    second: int

    def __post_init__(self) -> None:
        raise ValueError(self.first + self.second)


@dataclass(frozen=True, kw_only=True)
class Loose:
    """Has no slots."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Special(Thing):
    """Has fields of another class."""

    place: str


make = maker(Thing)


@given(
    st.fixed_dictionaries(
        {"name": st.text()},
        optional={
            "length_bytes": st.integers(),
            "day": st.none() | st.dates(),
            "parts": st.lists(st.text()),
        },
    )
)
def test_a_value_that_is_made_fast_is_in_nothing_another(given_fields: dict[str, object]) -> None:
    fast, slow = make(**given_fields), Thing(**given_fields)  # type: ignore[arg-type]
    assert type(fast) is Thing
    assert fast == slow
    assert repr(fast) == repr(slow)
    assert fast.is_empty == slow.is_empty
    assert copy.deepcopy(fast) == slow
    assert replace(fast, name="other") == replace(slow, name="other")


def test_a_value_that_is_made_fast_is_frozen_and_takes_no_other_field() -> None:
    thing = make(name="a")
    with pytest.raises(FrozenInstanceError):
        thing.name = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        object.__setattr__(thing, "other", 1)


def test_two_values_share_no_default_that_can_be_changed() -> None:
    make(name="a").parts.append("x")
    assert make(name="a").parts == []


def test_what_a_class_refuses_is_refused_as_by_the_class() -> None:
    for wrong in ({}, {"name": "a", "other": 1}):
        with pytest.raises(TypeError, match="argument"):
            make(**wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        make("a")  # type: ignore[call-arg]


@pytest.mark.parametrize("kind", [Sum, Loose, Special, int])
def test_a_class_with_more_to_it_than_fields_in_slots_is_refused(kind: type) -> None:
    with pytest.raises(TypeError):
        maker(kind)
