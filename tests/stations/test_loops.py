"""Loops as planned: order, pauses, lengths and what goes into a further loop."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from programme.schedules import LoopSettings
from programme.sound import GRID
from programme.units import LanguageTag, Samples
from stations.loops import (
    LanguageSound,
    LoopPlan,
    Messages,
    Note,
    PlannedLoop,
    Sounding,
    plan_loops,
    silence_between,
)

MS = 48
ES, EN, AR = LanguageTag("es-419"), LanguageTag("en"), LanguageTag("ar")
SET, ONE = LoopSettings(), LoopSettings(form="one")


def sounding(slot: int, ms: int, *, head: int = 120, tail: int = 500) -> Sounding:
    """Give a slot of a length in milliseconds with silence at both ends."""
    return Sounding(
        slot=slot,
        samples=Samples(ms * MS),
        head=Samples(head * MS),
        tail=Samples(tail * MS),
    )


def heard(
    tag: LanguageTag, first: int, lengths_ms: Sequence[int], *, times: int = 2, edition: int = 0
) -> LanguageSound:
    """Give a language with a chime, a name, some messages of one edition each and a closing.

    The chime has the number ``first``, the name the next, the closing ``first + 9``.
    """
    return LanguageSound(
        language=tag,
        chime=sounding(first, 3_000),
        opening=(sounding(first + 1, 1_800),),
        messages=tuple(
            Messages(
                edition=edition + n,
                before=(),
                said=((sounding(first + 2 + n, ms), times),),
                after=(),
            )
            for n, ms in enumerate(lengths_ms)
        ),
        closing=(sounding(first + 9, 6_000),),
    )


def shown(loop: PlannedLoop) -> list[int]:
    """Give the slots by number, and silences as milliseconds below nought."""
    return [-(one.samples // MS) if one.is_silence else one.slot for one in loop.steps]


def test_a_round_by_hand() -> None:
    (loop,) = plan_loops([heard(ES, 0, [9_600])], SET).loops
    # Chime: 500 ms of its own and 120 of the name's, so 380 are wanting: a step of the grid.
    # Repeat: the same. End: 10 s less 500 ms of the closing's own: 9,500, which is 16 steps.
    assert shown(loop) == [0, -600, 1, 2, -600, 2, 9, -9_600]
    assert loop.round == Samples((3_000 + 600 + 1_800 + 9_600 + 600 + 9_600 + 6_000) * MS)
    assert [one.again for one in loop.steps if one.slot == 2] == [False, True]


def test_one_file_has_the_languages_in_their_order_two_seconds_apart() -> None:
    plan = plan_loops([heard(ES, 0, [9_600]), heard(EN, 10, [9_600], edition=1)], ONE)
    (loop,) = plan.loops
    assert shown(loop) == [
        *[0, -600, 1, 2, -600, 2, 9],
        -1_800,  # two seconds, less 500 and 120 ms: 1,380
        *[10, -600, 11, 12, -600, 12, 19],
        -9_600,
    ]
    first, second = loop.parts
    assert (first.language, first.editions) == (ES, (0,))
    assert (second.language, second.editions) == (EN, (1,))
    assert second.start - first.end == 1_800 * MS
    assert second.end == loop.round
    assert plan.notes == ()


def test_what_does_not_fit_goes_into_a_further_loop_and_that_is_told() -> None:
    languages = [heard(tag, n * 10, [9_600]) for n, tag in enumerate((ES, EN, AR))]
    # 31.2 s each: with 1.8 s between them, three are 97.2 s.
    plan = plan_loops(languages, LoopSettings(form="one", longest_s=97))
    assert [[part.language for part in loop.parts] for loop in plan.loops] == [[ES, EN], [AR]]
    assert [(one.kind, one.language, one.loop) for one in plan.notes] == [(Note.LATER, AR, 2)]
    whole = plan_loops(languages, LoopSettings(form="one", longest_s=98))
    assert len(whole.loops) == 1


def test_further_messages_begin_with_the_language_that_is_needed_most() -> None:
    # Two messages of 9.6 s said twice are over 40 s in a language.
    plan = plan_loops([heard(ES, 0, [9_600, 9_600]), heard(EN, 10, [9_600])], ONE)
    assert [[part.language for part in loop.parts] for loop in plan.loops] == [[ES, EN], [ES]]
    assert [part.editions for loop in plan.loops for part in loop.parts] == [(0,), (0,), (1,)]


def test_a_set_numbers_the_loops_of_each_language_by_itself() -> None:
    plan = plan_loops([heard(ES, 0, [9_600, 9_600]), heard(EN, 10, [9_600])], SET)
    told = [(one.parts[0].language, one.number) for one in plan.loops]
    assert told == [(ES, 1), (ES, 2), (EN, 1)]
    assert [one.kind for one in plan.notes] == [Note.LATER]


def test_short_messages_share_a_loop_with_the_pause_of_repeats_between_them() -> None:
    (loop,) = plan_loops([heard(ES, 0, [3_000, 3_000])], SET).loops
    assert shown(loop) == [0, -600, 1, 2, -600, 2, -600, 3, -600, 3, 9, -9_600]


def test_a_message_that_is_too_long_is_told_with_its_length() -> None:
    (note,) = plan_loops([heard(ES, 0, [18_000])], SET).notes
    # 3 + 0.6 + 1.8 + 18 + 0.6 + 18 + 6
    assert (note.kind, note.length_ms) == (Note.LONG_LANGUAGE, 48_000)
    (note,) = plan_loops([heard(ES, 0, [60_000])], SET).notes
    assert (note.kind, note.length_ms) == (Note.LONG_ROUND, 132_000)


def test_until_when_it_is_valid_is_left_out_where_the_round_is_full_without_it() -> None:
    plan = plan_loops([heard(ES, 0, [18_000])], LoopSettings(longest_s=45))
    (loop,) = plan.loops
    assert 9 not in shown(loop)
    assert {one.kind for one in plan.notes} == {Note.LONG_LANGUAGE, Note.NO_CLOSING}


def test_what_is_said_once_stands_around_the_messages() -> None:
    messages = Messages(
        edition=0,
        before=(sounding(2, 1_200),),
        said=((sounding(3, 3_000), 2),),
        after=(sounding(4, 1_200),),
    )
    sound = LanguageSound(language=ES, chime=None, opening=(), messages=(messages,), closing=())
    (loop,) = plan_loops([sound], LoopSettings(end_silence_ms=0)).loops
    # Without silence at the end, a player that repeats still waits as between languages.
    assert shown(loop) == [2, 3, -600, 3, 4, -1_800]


def test_silence_that_is_there_already_is_not_added() -> None:
    long = sounding(0, 3_000, tail=2_000)
    assert silence_between(long, sounding(1, 600), 1_000) == 0
    assert silence_between(sounding(0, 600, tail=880), sounding(1, 600), 1_000) == 0
    assert silence_between(sounding(0, 600, tail=879), sounding(1, 600), 1_000) == GRID


lengths = st.integers(1, 60).map(lambda steps: steps * 600)
cases = st.lists(st.lists(lengths, min_size=1, max_size=6), min_size=1, max_size=4)
asked = st.builds(
    LoopSettings,
    form=st.sampled_from(["one", "set"]),
    longest_s=st.integers(20, 300),
    between_repeats_ms=st.integers(500, 10_000),
    between_languages_ms=st.integers(1_000, 10_000),
    end_silence_ms=st.integers(0, 60_000),
)


def planned(case: Sequence[Sequence[int]], settings: LoopSettings) -> LoopPlan:
    tags = [LanguageTag(f"q{letter}") for letter in "abcd"]
    sounds = [heard(tag, n * 10, one) for n, (tag, one) in enumerate(zip(tags, case, strict=False))]
    return plan_loops(sounds, settings)


@given(cases, asked)
def test_every_message_is_said_twice_in_one_loop_and_languages_keep_their_order(
    case: list[list[int]], settings: LoopSettings
) -> None:
    plan = planned(case, settings)
    said = [[one.slot for one in loop.steps if 2 <= one.slot % 10 < 9] for loop in plan.loops]
    wanted = [n * 10 + 2 + m for n, one in enumerate(case) for m in range(len(one))]
    assert sorted(slot for loop in said for slot in loop) == sorted(wanted * 2)
    assert all(loop.count(slot) == 2 for loop in said for slot in loop)
    for loop in plan.loops:
        languages = [part.language for part in loop.parts]
        assert languages == sorted(set(languages))


@given(cases, asked)
def test_a_round_is_longer_than_asked_only_where_one_message_is_and_that_is_told(
    case: list[list[int]], settings: LoopSettings
) -> None:
    plan = planned(case, settings)
    for n, loop in enumerate(plan.loops):
        if loop.round > settings.longest_s * 1_000 * MS:
            (part,) = loop.parts
            slots = {one.slot for one in plan.loops[n].steps if 2 <= one.slot % 10 < 9}
            assert len(slots) == 1
            told = {(one.kind, one.language) for one in plan.notes}
            assert (Note.LONG_ROUND, part.language) in told


@given(cases, asked)
def test_pauses_are_never_shorter_than_asked_nor_600_ms_longer(
    case: list[list[int]], settings: LoopSettings
) -> None:
    for loop in planned(case, settings).loops:
        silence = 0
        last: int | None = None
        for step in loop.steps:
            assert step.samples > 0
            assert step.samples % GRID == 0
            if step.is_silence:
                silence = step.samples // MS
                continue
            if last is not None:
                pause = _pause(last, step.slot, settings)
                # 500 ms after each slot and 120 before it are its own.
                assert pause <= silence + 620 or pause == 0
                assert silence < max(1, pause - 620 + 600)
            silence, last = 0, step.slot
        quiet = max(settings.end_silence_ms, settings.between_languages_ms)
        assert quiet <= silence + 500 < quiet + 600


def _pause(before: int, after: int, settings: LoopSettings) -> int:
    if before % 10 == 0:
        return 1_000
    if before // 10 != after // 10:
        return settings.between_languages_ms
    messages = 2 <= before % 10 < 9 and 2 <= after % 10 < 9
    return settings.between_repeats_ms if messages else 0
