"""Differences in VCDIFF: judged by xdelta3 both ways, by RFC 3284's own example, and by damage."""

import hashlib
import subprocess
import tracemalloc
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stations import vcdiff_encode
from stations.vcdiff import CODE_TABLE, MAX_WINDOW, Damage, Instruction, Kind, VcdiffError
from stations.vcdiff_decode import decode
from stations.vcdiff_encode import encode
from tests.strict import ToolFinder

HEAD = b"\xd6\xc3\xc4\x00\x00"


def differences(old: bytes, new: bytes) -> bytes:
    return b"".join(encode(old, new))


def follow(old: bytes, delta: bytes, most: int = 1 << 24) -> bytes:
    new = BytesIO()
    length = decode(BytesIO(old), BytesIO(delta), new, max_bytes=most)
    assert length == len(new.getvalue())
    return new.getvalue()


def damage_of(old: bytes, delta: bytes, most: int = 1 << 24) -> tuple[Damage, int]:
    with pytest.raises(VcdiffError) as caught:
        follow(old, delta, most)
    return caught.value.damage, caught.value.window


def noise(count: int, seed: int = 1) -> bytes:
    """Give bytes that nothing can be found again in, the same every time."""
    return hashlib.shake_256(str(seed).encode()).digest(count)


def sound(blocks: int, block: int = 192, seed: int = 1) -> bytes:
    """Give frames that begin alike, as those of MP3 do."""
    inside = noise(blocks * (block - 4), seed)
    return b"".join(
        b"\xff\xfb\x14\xc4" + inside[n * (block - 4) : (n + 1) * (block - 4)] for n in range(blocks)
    )


changes = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(0, 500), st.binary(max_size=300)), max_size=6
)


@given(st.binary(max_size=3000), changes)
@example(b"", [(0, 0, b"new")])
@example(b"a" * 3000, [(10, 100, b"a" * 250)])
@example(b"", [(0, 0, noise(100) * 2), (30, 0, noise(300, 2) + b"b" * 200 + noise(290, 2))])
def test_what_is_made_of_the_differences_is_the_new_file(
    old: bytes, edits: list[tuple[int, int, bytes]]
) -> None:
    new = old
    for at, removed, added in edits:
        new = new[:at] + added + new[at + removed :]
    delta = differences(old, new)
    assert follow(old, delta) == new
    assert delta == differences(old, new)


@given(st.binary(max_size=400), st.binary(max_size=200), st.integers(0, 10**6), st.integers(1, 255))
def test_damaged_differences_are_refused_by_name_or_make_something_within_bounds(
    old: bytes, added: bytes, where: int, change: int
) -> None:
    delta = bytearray(differences(old, old[100:] + added + old[:150]))
    delta[where % len(delta)] ^= change
    for damaged in (bytes(delta), bytes(delta[: where % len(delta)])):
        new = BytesIO()
        with suppress(VcdiffError):
            decode(BytesIO(old), BytesIO(damaged), new, max_bytes=2000)
        assert len(new.getvalue()) <= 2000


@given(st.binary(max_size=300), st.binary(max_size=60))
def test_any_bytes_are_refused_by_name_or_followed(rest: bytes, old: bytes) -> None:
    new = BytesIO()
    with suppress(VcdiffError):
        decode(BytesIO(old), BytesIO(HEAD + rest), new, max_bytes=5000)
    assert len(new.getvalue()) <= 5000


def one_by_one(*_: object, at: int, **__: object) -> int:
    return at


@given(
    st.lists(st.tuples(st.sampled_from("ONSFR"), st.integers(1, 2500)), max_size=7),
    st.lists(st.tuples(st.sampled_from("OKNSFRZ"), st.integers(1, 2500)), max_size=7),
)
@example([("F", 900)], [("F", 500), ("N", 1500), ("F", 2000), ("N", 1500)])
@example([("F", 2000)], [("K", 30), ("N", 100), ("K", 2), ("N", 100), ("K", 5), ("N", 90)])
@example([("F", 2000)], [("N", 600), ("O", 2400), ("N", 600), ("R", 1), ("Z", 100)])
def test_places_that_are_passed_in_a_block_are_those_that_looking_at_each_would_pass(
    before: list[tuple[str, int]], after: list[tuple[str, int]]
) -> None:
    # What listeners carry on sticks must not change because it is found in another way.
    def written(parts: list[tuple[str, int]], old: bytes = b"") -> bytes:
        made = b""
        for kind, size in parts:
            made += {
                "O": old[size // 3 :][:size],
                "K": old[len(made) :][: 24 + size % 40],
                "N": noise(size, len(made)),
                "S": sound(1 + size // 192),
                "F": noise(2500)[-size:],
                "R": made[: 2 * size],
                "Z": bytes(size),
            }[kind]
        return made

    old = written(before)
    new = written(after, old)
    found = differences(old, new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vcdiff_encode, "_next", one_by_one)
        assert differences(old, new) == found


def test_a_replaced_segment_costs_its_own_bytes_wherever_the_rest_moves() -> None:
    first, second, third = sound(900, seed=1), sound(700, seed=2), sound(800, seed=3)
    other = sound(750, seed=4)
    delta = differences(b"ID3 one" + first + second + third, b"ID3 second" + first + other + third)
    assert len(other) < len(delta) < len(other) + 200
    assert follow(b"ID3 one" + first + second + third, delta).endswith(other + third)


def test_new_sound_that_comes_twice_costs_its_bytes_once() -> None:
    old, message = sound(300), sound(80, seed=7)
    pause = sound(3, seed=8)
    new = old[: 50 * 192] + message + pause + message + old[60 * 192 :]
    delta = differences(old, new)
    assert follow(old, delta) == new
    assert len(message) < len(delta) < len(message) + len(pause) + 200


def test_xdelta3_makes_the_new_file_of_our_differences(tool: ToolFinder, tmp_path: Path) -> None:
    old, new = sound(4000), sound(1500) + noise(777, 9) + sound(4000)[100_000:] + b"a" * 5000
    for number, (before, after) in enumerate(
        [(old, new), (b"", new), (new, old), (old, old), (old, b"a"), (old[:17], old[1:18])]
    ):
        paths = [tmp_path / f"{name}{number}" for name in ("old", "delta", "new")]
        paths[0].write_bytes(before)
        paths[1].write_bytes(differences(before, after))
        subprocess.run([tool("xdelta3"), "-d", "-s", *map(str, paths)], check=True)
        assert paths[2].read_bytes() == after


@pytest.mark.parametrize("options", [["-A"], [], ["-n", "-A"], ["-A", "-9", "-W", "16384"]])
def test_what_xdelta3_writes_is_followed_with_its_checksum(
    tool: ToolFinder, tmp_path: Path, options: list[str]
) -> None:
    old = sound(3000) + noise(5000)
    new = noise(300, 7) + old[:90_000] + b"\x00" * 3000 + old[80_123:] + noise(900, 3)
    paths = [tmp_path / name for name in ("old", "new", "delta")]
    paths[0].write_bytes(old)
    paths[1].write_bytes(new)
    program = [tool("xdelta3"), "-e", "-S", "none", *options, "-s", *map(str, paths)]
    subprocess.run(program, check=True)
    delta = paths[2].read_bytes()
    assert follow(old, delta) == new
    if "-n" not in options:
        # the bytes that the windows copy are others: only the checksum can tell
        assert damage_of(bytes(len(old)), delta) == (Damage.CHECKSUM, 1)


def test_the_code_table_is_that_of_the_standard() -> None:
    # RFC 3284, 5.6: the index, and the instructions that stand there
    assert len(CODE_TABLE) == 256
    add, run, copy = Kind.ADD, Kind.RUN, Kind.COPY
    known = {
        0: (Instruction(run, 0),),
        1: (Instruction(add, 0),),
        18: (Instruction(add, 17),),
        19: (Instruction(copy, 0, 0),),
        20: (Instruction(copy, 4, 0),),
        34: (Instruction(copy, 18, 0),),
        35: (Instruction(copy, 0, 1),),
        162: (Instruction(copy, 18, 8),),
        163: (Instruction(add, 1), Instruction(copy, 4, 0)),
        174: (Instruction(add, 4), Instruction(copy, 6, 0)),
        234: (Instruction(add, 4), Instruction(copy, 6, 5)),
        235: (Instruction(add, 1), Instruction(copy, 4, 6)),
        246: (Instruction(add, 4), Instruction(copy, 4, 8)),
        247: (Instruction(copy, 4, 0), Instruction(add, 1)),
        255: (Instruction(copy, 4, 8), Instruction(add, 1)),
    }
    assert {index: CODE_TABLE[index] for index in known} == known


def test_the_standards_own_example_is_followed() -> None:
    # RFC 3284, 3: the old and new file, and COPY 4,0; ADD "wxyz"; COPY 4,4; COPY 12,24; RUN 4 "z"
    old, new = b"abcdefghijklmnop", b"abcdwxyzefghefghefghefghzzzz"
    data, codes, addresses = b"wxyzz", b"\x14\x05\x14\x1c\x00\x04", b"\x00\x04\x18"
    body = bytes([len(new), 0, len(data), len(codes), len(addresses)]) + data + codes + addresses
    assert follow(old, HEAD + bytes([1, 16, 0, len(body)]) + body) == new


def window(
    data: bytes, codes: bytes, addresses: bytes, *, makes: int, head: bytes = b"\x00"
) -> bytes:
    body = bytes([makes, 0, len(data), len(codes), len(addresses)]) + data + codes + addresses
    return HEAD + head + bytes([len(body)]) + body


def test_a_window_may_copy_from_what_was_made_before_it() -> None:
    first = window(b"abcdef", b"\x07", b"", makes=6)
    second = window(b"", b"\x14", b"\x01", makes=4, head=b"\x02\x06\x00")
    assert follow(b"", first + second.removeprefix(HEAD)) == b"abcdefbcde"


@pytest.mark.parametrize(
    ("delta", "told"),
    [
        (b"", (Damage.TRUNCATED, 0)),
        (b"PK\x03\x04\x00", (Damage.NOT_VCDIFF, 0)),
        (b"\xd6\xc3\xc4S\x00", (Damage.NOT_VCDIFF, 0)),
        (b"\xd6\xc3\xc4\x00\x01\x02", (Damage.UNKNOWN, 0)),  # a second compression
        (b"\xd6\xc3\xc4\x00\x02", (Damage.UNKNOWN, 0)),  # a code table of its own
        (HEAD + b"\x03", (Damage.UNKNOWN, 1)),
        (HEAD + b"\x01\x11\x00", (Damage.OVERRUN, 1)),  # 17 bytes of an old file of 16
        (HEAD + b"\x01\x10\x01", (Damage.OVERRUN, 1)),
        (HEAD + b"\x02\x01\x00", (Damage.OVERRUN, 1)),  # of what nobody made yet
        (HEAD + b"\x00\xff\xff\xff\xff\x7f", (Damage.TOO_LARGE, 1)),
        (HEAD + b"\x00" + b"\xff" * 40, (Damage.TOO_LARGE, 1)),
        (HEAD + b"\x00\x05\x04", (Damage.TRUNCATED, 1)),
        (window(b"abc", b"\x04", b"", makes=4), (Damage.MISFIT, 1)),
        (window(b"abcd", b"\x04", b"", makes=3), (Damage.MISFIT, 1)),
        (window(b"abc", b"\x05", b"", makes=4), (Damage.TRUNCATED, 1)),
        (window(b"a", b"\x00\x7f", b"", makes=9), (Damage.TOO_LARGE, 1)),
        (window(b"", b"\x01\x00" * 30, b"", makes=0), (Damage.MISFIT, 1)),  # work for nothing
        (window(b"", b"\x14", b"\x00", makes=4), (Damage.OVERRUN, 1)),  # nothing there yet
        (window(b"", b"\x14", b"\x0e\x00", makes=4, head=b"\x01\x10\x00"), (Damage.MISFIT, 1)),
        (window(b"", b"\x14", b"\x10", makes=4, head=b"\x01\x10\x00"), (Damage.OVERRUN, 1)),
        (window(b"", b"\x24", b"\x11", makes=4, head=b"\x01\x10\x00"), (Damage.OVERRUN, 1)),
    ],
)
def test_each_damage_has_its_name(delta: bytes, told: tuple[Damage, int]) -> None:
    assert damage_of(b"0123456789abcdef", delta) == told


def test_a_few_bytes_cannot_make_more_than_they_may_nor_fill_the_memory() -> None:
    # one window that says "16 MiB of zeros", again and again
    size = b"\x88\x80\x80\x00"  # 2**24 in base 128
    body = size + b"\x00\x01\x05\x00" + b"\x00" + b"\x00" + size
    one = b"\x00" + bytes([len(body)]) + body
    assert damage_of(b"", HEAD + one * 100, most=MAX_WINDOW - 1) == (Damage.TOO_LARGE, 1)
    assert damage_of(b"", HEAD + one * 100, most=MAX_WINDOW + 5) == (Damage.TOO_LARGE, 2)

    class Nowhere(BytesIO):
        def write(self, data: object, /) -> int:
            return len(data)  # type: ignore[arg-type]

    tracemalloc.start()
    made = decode(BytesIO(), BytesIO(HEAD + one * 8), Nowhere(), max_bytes=1 << 40)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made == 8 * MAX_WINDOW
    assert peak < 4 * MAX_WINDOW
