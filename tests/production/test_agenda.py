"""The agenda gives every step once, after all that it is made from, whatever fails on the way."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from production.agenda import Agenda, Needs, slot_weight
from production.speech import Speech
from production.steps import EditionStep, PlannedLine, SlotStep, Step, TakeStep
from programme.profiles import profiles
from programme.sound import NO_CUES
from programme.units import DurationMs, Fingerprint, LanguageTag

PODCAST = profiles()["podcast"]
NAMES = [*(f"t{n}" for n in range(6)), *(f"e{n}" for n in range(4)), "s", "s0", "s1", "s0-1"]


def take(name: str, *, quick: bool = False, text: str = "Agua.") -> TakeStep:
    speech = Speech(
        engine="any", voice="any", language=LanguageTag("es"), text=text, words_per_minute=130
    )
    return TakeStep(
        fingerprint=Fingerprint(name),
        label=name,
        inputs={},
        speak=speech,
        recording=None,
        quick=quick,
    )


def slot(name: str, *takes: TakeStep) -> SlotStep:
    lines = [PlannedLine(take=one, pause_ms=DurationMs(0), sentences=(0,)) for one in takes]
    return SlotStep(
        fingerprint=Fingerprint(name),
        label=name,
        inputs={},
        lines=tuple(lines),
        sound=None if takes else Path("tono.wav"),
        sting=None,
        bed=None,
        bed_cues=NO_CUES,
        sound_digests={},
        profile=PODCAST,
    )


def edition(name: str, *slots: SlotStep) -> EditionStep:
    return EditionStep(
        fingerprint=Fingerprint(name),
        label=name,
        inputs={},
        chosen=cast("Any", None),  # nothing here asks what it is of
        slots=slots,
        profile=PODCAST,
        expires=date.max,
        facts=(),
        sources=(),
        demo=False,
        synthetic_voice=False,
        draft_voice=False,
    )


def needs(*editions: EditionStep, alone: tuple[SlotStep, ...] = ()) -> Needs:
    slots = {s.fingerprint: s for s in (*alone, *(s for e in editions for s in e.slots))}
    takes = {line.take.fingerprint: line.take for s in slots.values() for line in s.lines}
    return Needs(
        takes=tuple(takes.values()),
        slots=tuple(slots.values()),
        editions=editions,
        alone=frozenset(one.fingerprint for one in alone),
    )


def names(agenda: Agenda, end: Callable[[str], bool] = lambda _: True) -> list[str]:
    """Run an agenda with one worker; give what began."""
    begun = []
    while (step := agenda.begin()) is not None:
        begun.append(str(step.fingerprint))
        agenda.end(step.fingerprint) if end(begun[-1]) else agenda.fail(step.fingerprint)
    return begun


def test_the_longest_slot_comes_first_and_an_edition_as_soon_as_it_may() -> None:
    short = slot("short", take("t1", quick=True, text="Sí."))
    middle = slot("middle", take("t2", quick=True, text="Agua limpia."))
    long = slot("long", take("t3", quick=True, text="Agua limpia para todas las personas."))
    both = needs(edition("one", short, long), edition("two", middle))
    assert names(Agenda(both)) == ["long", "middle", "two", "short", "one"]


def test_stored_takes_come_before_their_slots_and_quick_ones_are_no_steps_of_their_own() -> None:
    slow = take("slow", text="Una frase larga de una voz lenta.")
    quick = take("quick", quick=True)
    asked = needs(edition("one", slot("a", quick), slot("b", slow, quick)))
    assert names(Agenda(asked)) == ["slow", "b", "a", "one"]
    assert [one.label for one in asked.stored] == ["slow"]


def test_what_rests_on_a_failure_fails_and_what_only_it_wanted_never_begins() -> None:
    bad, good = take("bad", text="Una frase larga."), take("good", text="Otra.")
    shared = slot("shared", good)
    agenda = Agenda(
        needs(edition("one", slot("a", bad), slot("only-one", take("t")), shared),
              edition("two", shared))
    )  # fmt: skip
    first = agenda.begin()
    assert first is not None
    assert first.fingerprint == "bad"
    assert [step.fingerprint for step in agenda.fail(first.fingerprint)] == ["bad", "a", "one"]
    assert names(agenda) == ["good", "shared", "two"]
    assert not agenda.steps


def test_a_slot_wanted_for_itself_is_made_though_its_edition_fails() -> None:
    wanted = slot("wanted", take("t1"))
    agenda = Agenda(
        needs(edition("one", wanted, slot("b", take("t2", text="Larga."))), alone=(wanted,))
    )
    assert names(agenda, lambda name: name != "t2") == ["t2", "t1", "wanted"]


def test_a_sound_of_unknown_length_is_put_among_the_longer_ones() -> None:
    assert slot_weight(slot("tone")) > slot_weight(slot("a", take("t", text="x" * 600)))


LINES = st.lists(st.integers(0, 5), max_size=4)
SLOTS = st.lists(LINES, min_size=1, max_size=4)


def slot_name(takes: list[int]) -> str:
    return "s" + "-".join(map(str, takes))


def planned(shape: list[list[list[int]]], quick: set[int]) -> tuple[EditionStep, ...]:
    """Give editions of slots of takes, by their numbers."""
    known = [take(f"t{n}", quick=n in quick, text="a" * (n + 1)) for n in range(6)]
    return tuple(
        edition(f"e{number}", *(slot(slot_name(n), *(known[i] for i in n)) for n in slots))
        for number, slots in enumerate(shape)
    )


def parts_of(step: Step) -> set[str]:
    """Give what must be in the store before a step begins."""
    if isinstance(step, EditionStep):
        return {one.fingerprint for one in step.slots}
    lines = step.lines if isinstance(step, SlotStep) else ()
    return {line.take.fingerprint for line in lines if not line.take.quick}


@given(
    shape=st.lists(SLOTS, max_size=4),
    quick=st.sets(st.integers(0, 5)),
    failing=st.sets(st.sampled_from(NAMES)),
    workers=st.integers(1, 4),
)
def test_every_step_begins_once_and_after_its_parts_or_has_a_failure_below_it(
    shape: list[list[list[int]]], quick: set[int], failing: set[str], workers: int
) -> None:
    editions = planned(shape, quick)
    asked = needs(*editions)
    agenda = Agenda(asked)
    running: list[str] = []
    done: list[str] = []
    failed: set[str] = set()
    while True:
        while len(running) < workers and (step := agenda.begin()) is not None:
            assert step.fingerprint not in {*running, *done, *failed}
            assert parts_of(step) <= set(done)
            running.append(step.fingerprint)
        if not running:
            break
        name = running.pop(0)
        if name in failing:
            failed |= {step.fingerprint for step in agenda.fail(Fingerprint(name))}
        else:
            agenda.end(Fingerprint(name))
            done.append(name)
    assert not agenda.steps
    for one in editions:
        # An edition is made, or failed with a part of it.
        assert (one.fingerprint in done) != (one.fingerprint in failed)
        wrong = [s for s in one.slots if s.fingerprint in failed]
        assert one.fingerprint in done or wrong or one.fingerprint in failing
