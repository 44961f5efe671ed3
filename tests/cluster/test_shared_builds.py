"""Builds that share what they made: the next machine takes it, and nothing forged or damaged."""

import shutil
from collections.abc import Callable
from pathlib import Path

from production.journal import Journal, Result
from production.shared.places import parse_place
from production.shared.records import Record, RecordKey, record_name, render_record
from programme.units import Fingerprint
from tests.cluster.builds import KEY, Site, listeners
from tests.production.running import (
    TINY,
    edit,
    flip,
    ran,
)
from tests.production.small import write_small
from tests.targets.careless import careless_before
from tests.targets.faults import FOR_EVER, Refuses


def share_of(site: Site) -> Path:
    return Path(site.place.options["path"])


def slots_made(site: Site) -> list[tuple[Fingerprint, Result]]:
    journal = Journal(site.root / ".altavoz" / "journal.sqlite")
    try:
        found = [
            (key, journal.result(key)) for key, label, _ in journal.results() if "slot" in label
        ]
        return [(key, result) for key, result in found if result is not None]
    finally:
        journal.close()


def test_what_one_machine_made_the_next_one_takes(
    site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    first = site("one").build()
    assert ran(first.report)[1:] == (4, 1)
    assert (first.counts.taken, first.counts.given) == (0, 5)
    second = site("two")
    built = second.build()
    assert not built.report.run.total
    assert built.counts.taken == 1  # the edition; of its slots nobody asks then
    assert second.built() == listeners(tiny)


def test_a_change_costs_what_it_changed_on_a_machine_that_has_made_nothing(
    site: Callable[..., Site],
) -> None:
    one, two = site("one"), site("two")
    one.build()
    for place in (one, two):
        edit(place.root / "scripts/agua/es-419.md", "Beba poco a poco.", "Beba despacio.")
    built = two.build()
    assert ran(built.report)[1:] == (1, 1)
    assert built.counts.taken == 3
    here = one.build()
    assert here.counts.taken == 1
    assert one.built() == two.built()


def test_a_forged_record_puts_no_other_words_into_an_episode(
    site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    one, two = site("one"), site("two")
    one.build()
    (first, said), (other, said_else) = slots_made(one)[:2]
    # Somebody who may write there, and has no key: each slot says the other's words.
    stranger = RecordKey(secret=bytes(32))
    for key, lie in ((first, said_else), (other, said)):
        path = share_of(one) / record_name(KEY, key)
        forged = Record(result=lie, lengths=dict.fromkeys(lie.outputs.values(), 1_000_000))
        path.write_bytes(render_record(stranger, key, forged))
    # Or puts whole, sealed records in each other's places.
    edition = next(
        path
        for path in (share_of(one) / "records").rglob("*")
        if path.is_file() and b'"edition"' in path.read_bytes()
    )
    edition.write_bytes((share_of(one) / record_name(KEY, slots_made(one)[2][0])).read_bytes())
    built = two.build()
    assert built.counts.refused == 3
    assert ran(built.report)[1:] == (2, 1)
    assert two.built() == listeners(tiny)


def test_damaged_objects_are_made_again(site: Callable[..., Site], tiny: dict[str, str]) -> None:
    site("one").build()
    two = site("two")
    for path in sorted((share_of(two) / "objects").rglob("*")):
        if path.is_file():
            flip(path, 100)
    built = two.build()
    assert built.counts.damaged
    assert two.built() == listeners(tiny)
    three = site("three")
    assert three.build().counts.taken == 1
    assert three.built() == listeners(tiny)


def test_without_the_key_nothing_is_believed_and_nothing_given(
    site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    site("one").build()
    two = site("two")
    built = two.build(key=None)
    assert (built.counts.taken, built.counts.given) == (0, 0)
    assert ran(built.report)[1:] == (4, 1)
    assert two.built() == listeners(tiny)


def test_a_store_that_is_not_there_costs_nothing_but_time(
    site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    place = site()
    shutil.rmtree(share_of(place))
    built = place.build()
    (line,) = built.said
    assert line.startswith("The shared store is left aside: the folder of the shared store")
    assert place.built() == listeners(tiny)
    assert not share_of(place).exists()


def test_a_store_that_goes_while_a_build_works_costs_nothing_but_time(
    site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    place = site()

    def unmount(kind: str) -> None:
        del kind
        shutil.rmtree(share_of(place), ignore_errors=True)

    built = place.build(heard=unmount)
    assert place.built() == listeners(tiny)
    assert not built.report.failures


def test_a_bucket_that_answers_500_costs_nothing_but_time(
    moto: str, bucket: str, tmp_path: Path, tiny: dict[str, str]
) -> None:
    with careless_before(moto) as careless:
        settings = parse_place(f"s3://{bucket}", {"AWS_ENDPOINT_URL_S3": careless.address})
        one, two = (
            Site(root=write_small(tmp_path / name, TINY), place=settings) for name in ("one", "two")
        )
        assert one.build().counts.given == 5
        careless.choose(Refuses(status=500, code="InternalError", first=1))
        assert two.build().counts.taken == 1
        careless.choose(Refuses(status=500, code="InternalError", first=FOR_EVER))
        three = Site(root=write_small(tmp_path / "three", TINY), place=settings)
        built = three.build()
    assert any("left aside: the server is in trouble" in line for line in built.said)
    assert two.built() == three.built() == listeners(tiny)
