"""What travels to a worker: values and digests; no path, and nothing that is not known."""

import pickle
import pickletools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from production.building import Workshop
from production.cluster.shipping import (
    Answer,
    Lent,
    Packing,
    Parcel,
    read_answer,
    read_parcel,
    results_in,
    to_bytes,
    unpacked,
)
from production.journal import Result
from production.runner import Runner
from production.slot_work import SlotTask, run_slot
from production.take_work import TakeTask
from programme.digests import digest_file
from programme.network import TargetSettings
from programme.units import Digest, Fingerprint
from tests.cluster.builds import Site
from tests.production.running import TODAY, Quiet, read

PLACE = TargetSettings(name="store", kind="folder", options={"path": "/srv/share"})


def tasks(root: Path) -> list[tuple[str, object]]:
    """Give the task of every slot of a workspace, as the runner makes it."""
    workspace = read(root)
    with Workshop(root).open() as workshop:
        plan = workshop.plan(workspace, today=TODAY)
        runner = Runner(workspace, workshop.store, workshop.journal, jobs=1, progress=Quiet())
        slots = {slot.fingerprint: slot for edition in plan.editions for slot in edition.slots}
        return [(key, runner._call(slot)[2]) for key, slot in slots.items()]


def parcel(task: object) -> tuple[bytes, Packing]:
    packing = Packing(digest_file)
    packed = packing.packed(task)
    made = Parcel(
        ticket="1",
        function=run_slot,
        task=packed,
        needs=dict.fromkeys(sorted(packing.digests), 1),
        voices={},
        store=PLACE,
    )
    return to_bytes(made), packing


def test_no_path_of_this_machine_is_in_what_is_sent(site: Callable[..., Site]) -> None:
    root = site().root
    made = tasks(root)
    assert any(isinstance(task, SlotTask) and task.sounds for _, task in made)
    for _, task in made:
        data, packing = parcel(task)
        assert str(root).encode() not in data
        assert b"pathlib" not in data
        assert b".wav" not in data
        if isinstance(task, SlotTask):
            planned = {digest for _, digest in task.sounds.values()}
            assert planned <= packing.digests
            assert {engine for engine, _ in packing.voices} == ({"espeak"} if task.lines else set())


def test_a_worker_does_the_very_task_with_paths_of_its_own(site: Callable[..., Site]) -> None:
    for _, task in tasks(site().root):
        assert isinstance(task, SlotTask)
        data, _ = parcel(task)
        here = unpacked(read_parcel(data).task, lambda digest: Path("/worker") / digest)
        assert isinstance(here, SlotTask)
        for role, (path, digest) in here.sounds.items():
            assert path == Path("/worker") / digest
            assert digest == task.sounds[role][1]
        assert (here.fingerprint, here.lines, here.profile) == (
            task.fingerprint,
            task.lines,
            task.profile,
        )


def test_what_is_planned_for_a_recording_travels_by_its_digest(tmp_path: Path) -> None:
    take = tmp_path / "take.wav"
    take.write_bytes(b"RIFF")
    task = TakeTask(fingerprint=Fingerprint("1" * 64), speak=None, recording=take)
    packing = Packing(digest_file)
    (packed,) = packing.packed((task,))
    assert packed.recording == Lent(digest=digest_file(take))
    assert packing.digests == {digest_file(take)}


def test_something_unknown_is_no_task(tmp_path: Path) -> None:
    @dataclass
    class Odd:
        file: object

    with (tmp_path / "x").open("wb") as file, pytest.raises(TypeError, match="cannot travel"):
        Packing(digest_file).packed(Odd(file=file))


def test_results_are_found_in_whatever_a_function_returns() -> None:
    one = Result(outputs={"take": Digest("a" * 64)})
    assert list(results_in(one)) == [one]
    assert list(results_in([one, ValueError("no"), (one,)])) == [one, one]
    assert not list(results_in(None))


def test_what_is_no_answer_is_not_taken_for_one() -> None:
    with pytest.raises(TypeError, match="answered with dict"):
        read_answer(pickle.dumps({"given": 1}))
    with pytest.raises(TypeError, match="was sent Answer"):
        read_parcel(to_bytes(Answer(ticket="1", sound="")))


def test_a_parcel_names_nothing_but_our_own_classes(site: Callable[..., Site]) -> None:
    for _, task in tasks(site().root):
        data, _ = parcel(task)
        strings = [
            argument
            for opcode, argument, _ in pickletools.genops(data)
            if opcode.name in {"SHORT_BINUNICODE", "BINUNICODE"} and isinstance(argument, str)
        ]
        modules = {text for text in strings if text.startswith(("os", "posix", "subprocess"))}
        assert not modules
