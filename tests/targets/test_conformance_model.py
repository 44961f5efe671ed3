"""Any sequence of calls at any place does what a plain table of names and bytes would do."""

from itertools import count
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from production.targets import Target
from production.targets.base import OvertakenError
from programme.digests import digest_bytes
from programme.errors import ProductionError
from programme.units import Key
from tests.targets.places import Place

EVERY_DAY = ("folder",)
NAMES = ("index.html", "feeds/camino-es-419.xml", "m/a-0123456789ab.mp3", "m/b.c/d-e_F.json")
DATA = (b"", b"one", b"two", b"\x00\xff" * 700)

_numbers = count(1)


class Call(NamedTuple):
    """One call of a publisher's, and what it hands over."""

    does: str
    name: str
    data: bytes
    seen: bytes | None


calls = st.builds(
    Call,
    st.sampled_from(["put", "swap", "swap_seen", "put_new", "remove", "read", "reopen"]),
    st.sampled_from(NAMES),
    st.sampled_from(DATA),
    st.sampled_from([None, *DATA]),
)


def expected(table: dict[str, bytes], call: Call) -> object:
    """Give what a call gives, and do the same to the table; an error's kind where it is refused."""
    there = table.get(call.name)
    if call.does == "read":
        return there
    if call.does == "remove":
        return table.pop(call.name, None) is not None
    if there == call.data:
        return False
    if call.does == "put_new" and there is not None:
        return ProductionError
    if call.does == "swap" and there != call.seen:
        return OvertakenError
    table[call.name] = call.data
    return True


def made(target: Target, key: Key, call: Call, there: bytes | None, source: Path) -> object:
    """Make a call, and give what it gave; an error's kind where it was refused."""
    seen = there if call.does == "swap_seen" else call.seen
    try:
        if call.does == "read":
            return target.read(key)
        if call.does == "remove":
            return target.remove(key)
        if call.does == "put":
            return target.put(key, call.data, media_type="text/html")
        if call.does == "put_new":
            source.write_bytes(call.data)
            digest = digest_bytes(call.data)
            return target.put_new(key, source, media_type="audio/mpeg", digest=digest)
        return target.swap(key, call.data, media_type="application/rss+xml", seen=seen)
    except ProductionError as error:
        return type(error)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sequence=st.lists(calls, min_size=3, max_size=12))
def test_any_calls_do_what_a_table_would_do(
    place: Place, tmp_path: Path, sequence: list[Call]
) -> None:
    below = f"example-{next(_numbers)}"
    table: dict[str, bytes] = {}
    target = place.open()
    for call in sequence:
        if call.does == "reopen":
            target.close()
            target = place.open()
            continue
        key, there = Key(f"{below}/{call.name}"), table.get(call.name)
        assert made(target, key, call, there, tmp_path / "source") == expected(table, call), call
        now = table.get(call.name)
        assert target.size(key) == (None if now is None else len(now))
        assert target.verify(key, digest_bytes(b"" if now is None else now)) == (now is not None)
    listed = {one.name: one.length_bytes for one in target.listing() if one.name.startswith(below)}
    assert listed == {f"{below}/{name}": len(data) for name, data in table.items()}
    target.close()
