"""A slot is the same whether its sentences lie in the store, in memory or in files for a moment."""

import gc
import weakref
from dataclasses import replace
from pathlib import Path

import pytest

import production.slot_work
from audio.voices.catalogue import is_embedded
from production.journal import Result
from production.slot_work import SlotTask, StoredTake, UnspokenError, run_slot, slot_takes
from production.speech import Speech
from production.store import Store
from production.take_work import TakeTask, run_takes, take_info
from programme.errors import ExitCode
from programme.profiles import profiles
from programme.sound import NO_CUES
from programme.units import DurationMs, Fingerprint, LanguageTag

SENTENCES = ("Lleve agua.", "Beba poco a poco.", "Lleve agua.")


def speech(text: str) -> Speech:
    return Speech(
        engine="espeak",
        voice="es-419",
        language=LanguageTag("es-419"),
        text=text,
        words_per_minute=130,
    )


def task(*lines: StoredTake | Speech) -> SlotTask:
    return SlotTask(
        fingerprint=Fingerprint("ab" * 32),
        where="slot",
        lines=tuple((line, DurationMs(400)) for line in lines),
        sounds={},
        bed_cues=NO_CUES,
        profile=profiles()["podcast"],
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    store.prepare()
    return store


@pytest.fixture
def spoken(store: Store) -> Result:
    return run_slot(store.root, task(*map(speech, SENTENCES)))


def stored(store: Store, text: str) -> StoredTake:
    [made] = run_takes(
        store.root,
        (TakeTask(fingerprint=Fingerprint("cd" * 32), speak=speech(text), recording=None),),
    )
    assert isinstance(made, Result)
    return StoredTake(digest=made.outputs["take"], info=take_info(made))


def test_takes_of_the_store_and_sentences_spoken_for_the_slot_give_the_same(
    store: Store, spoken: Result
) -> None:
    assert run_slot(store.root, task(*(stored(store, text) for text in SENTENCES))) == spoken
    mixed = stored(store, SENTENCES[0]), speech(SENTENCES[1]), speech(SENTENCES[2])
    assert run_slot(store.root, task(*mixed)) == spoken


def test_what_a_slot_says_is_written_nowhere_but_in_its_coded_frames(
    store: Store, spoken: Result
) -> None:
    assert {entry.digest for entry in store.entries()} == set(spoken.outputs.values())
    assert {name.partition("-")[0] for name in spoken.outputs} == {"coded", "energies"}
    assert not list(store.scratch.iterdir())


def test_a_long_slot_keeps_no_more_speech_in_memory_than_a_file_is_worth(
    store: Store, spoken: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first sentence is over what may be held: those after it go into files.
    monkeypatch.setattr(production.slot_work, "_HELD", 1)
    assert run_slot(store.root, task(*map(speech, SENTENCES))) == spoken
    assert not list(store.scratch.iterdir())


def test_lengths_and_words_of_its_sentences_are_known_of_a_slot(
    store: Store, spoken: Result
) -> None:
    takes = [stored(store, text).info for text in SENTENCES]
    assert slot_takes(spoken) == tuple(replace(one, words=()) for one in takes)
    heard = spoken.facts["heard"]
    assert isinstance(heard, list)
    assert [len(line["words"]) for line in heard] == [2, 4, 2]
    older = Result(outputs={}, facts={"samples": 28_800})
    assert slot_takes(older) is None


class _Ring:
    """Refers to itself: only a search for cycles takes it away."""

    def __init__(self) -> None:
        self.ring = self


def test_what_a_slot_leaves_behind_is_still_looked_for_as_new(store: Store, spoken: Result) -> None:
    ring = weakref.ref(_Ring())
    assert run_slot(store.root, task(*map(speech, SENTENCES))) == spoken
    gc.collect(1)  # the new and the young; what counts as old is hardly ever looked through
    assert ring() is None


def test_every_sentence_that_cannot_be_said_is_told_at_once(store: Store) -> None:
    bad = task(speech("Lleve agua."), speech("…"), speech("Beba."), speech("<b>Sí</b>"))
    with pytest.raises(UnspokenError) as caught:
        run_slot(store.root, bad)
    assert list(caught.value.errors) == [1, 3]
    assert {error.code for error in caught.value.errors.values()} == {ExitCode.VOICE}
    assert not list(store.entries())
    assert not list(store.scratch.iterdir())


def test_only_what_comes_with_altavoz_speaks_within_slots() -> None:
    assert is_embedded("espeak")
    assert not any(map(is_embedded, ("piper", "gtts", "macos", "unheard-of")))
