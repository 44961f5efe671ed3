"""Python's search for cycles is off while many values are made, and then goes on as before."""

import gc
import weakref

from programme.collecting import no_collecting


class Ring:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_the_search_for_cycles_is_off_inside_and_on_again_outside() -> None:
    assert gc.isenabled()
    with no_collecting():
        assert not gc.isenabled()
        with no_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_cycles_that_were_made_inside_are_found_later() -> None:
    with no_collecting():
        gone = weakref.ref(Ring())
    gc.collect()
    assert gone() is None
    assert gc.get_freeze_count() == 0


def test_nothing_that_was_made_inside_is_looked_through_when_it_ends() -> None:
    with no_collecting():
        kept: list[list[int]] = [[] for _ in range(10 * gc.get_threshold()[0])]
    assert gc.get_count()[0] < gc.get_threshold()[0]
    young = {id(one) for one in gc.get_objects(generation=0)}
    assert not young & {id(one) for one in kept}
