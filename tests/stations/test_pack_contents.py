"""pack.json from a stranger: whatever stands in it, there is a verdict and no traceback."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.digests import canonical_json
from stations.delta_contents import DeltaContentsError, parse_delta
from stations.pack_contents import Contents, ContentsError, parse_contents
from stations.pack_verdicts import Verdict
from tests.stations.signed_packs import derived, judged_files, pack_files

FILES = pack_files()
TOLD: dict[str, Any] = json.loads(FILES["pack.json"])

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["\ud800", "../x", "2026-13-01", "0" * 64, "altavoz-pack/2", "RW"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


def test_a_plain_list_is_read() -> None:
    found = parse_contents(FILES["pack.json"])
    assert isinstance(found, Contents)
    assert (found.publisher, found.serial, len(found.keys)) == ("camino", 42, 2)
    assert found.comment == (
        "pack=camino_0123456789ab serial=42 issued=2026-11-22 valid-until=2026-12-06 "
        # sha256 of []
        "recalls=0:4f53cda18c2baa0c"
    )


BAD: dict[str, Callable[[str], str]] = {
    "a key twice": lambda text: text.replace('"serial":42', '"serial":42,"serial":43'),
    "a number without end": lambda text: text.replace('"serial":42', '"serial":1e999'),
    "NaN": lambda text: text.replace('"serial":42', '"serial":NaN'),
    "a fraction": lambda text: text.replace('"serial":42', '"serial":42.0'),
    "yes for a number": lambda text: text.replace('"serial":42', '"serial":true'),
    "zero": lambda text: text.replace('"serial":42', '"serial":0'),
    "more than every reader reads alike": lambda text: text.replace(":42", f":{2**53}"),
    "endless digits": lambda text: text.replace('"serial":42', '"serial":' + "9" * 5000),
    "half a letter": lambda text: text.replace("Radio Camino", "\\ud800"),
    "endless depth": lambda text: text.replace('"retracts":[]', '"retracts":' + "[" * 100_000),
    "another format": lambda text: text.replace("altavoz-pack/2", "altavoz-pack/9"),
    "a path that leads out": lambda text: text.replace("index.html", "../index.html"),
    "a path twice but for case": lambda text: text.replace("index.html", "BAGIT.TXT"),
    "a short digest": lambda text: text.replace('"sha256":"', '"sha256":"z', 1),
    "no day": lambda text: text.replace("2026-12-06", "2026-02-30"),
    "letters for digits": lambda text: text.replace("2026-12-06", "2026-12-0６"),
    "a weak key": lambda text: text.replace(TOLD["publisher"]["keys"][0], "RW" + "Q" + "A" * 53),
    "a name for a terminal": lambda text: text.replace("camino_0123456789ab", "\\u001b[2J"),
    "not JSON": lambda text: text[:-3],
    "a list": lambda text: f"[{text}]",
}


@pytest.mark.parametrize("case", BAD)
def test_what_two_readers_could_read_differently_is_refused(case: str) -> None:
    text = FILES["pack.json"].decode()
    changed = BAD[case](text)
    assert changed != text
    with pytest.raises(ContentsError):
        parse_contents(changed.encode("utf-8"))


def test_a_list_that_is_no_utf_8_is_refused() -> None:
    with pytest.raises(ContentsError):
        parse_contents(FILES["pack.json"].replace(b"Radio", b"R\xe4dio"))


@given(st.sampled_from(sorted(TOLD)), ANYTHING)
def test_any_value_in_any_place_ends_in_a_verdict(key: str, value: object) -> None:
    try:
        text = canonical_json({**TOLD, key: value})  # type: ignore[dict-item]
        manifest = text.encode("utf-8", "surrogatepass")
    except ValueError:  # a number that JSON does not have
        return
    with TemporaryDirectory() as folder:
        files = derived({**FILES, "pack.json": manifest})
        verdict = judged_files(files, Path(folder)).verdict
    assert (verdict is Verdict.GENUINE) == (value == TOLD[key] and manifest == FILES["pack.json"])


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_refusal(noise: bytes) -> None:
    with pytest.raises(ContentsError):
        parse_contents(noise)


@pytest.mark.parametrize("one", ["[]", "{}", "1e9", '"a"', '{"a":1}'])
def test_a_list_that_would_fill_the_memory_is_refused_before_it_is_read(one: str) -> None:
    data = b'{"format":"altavoz-pack/2","files":[' + f"{one},".encode() * 2_100_000 + b"]}"
    tracemalloc.start()
    try:
        with pytest.raises(ContentsError, match="far more than a pack can hold"):
            parse_contents(data)
        with pytest.raises(DeltaContentsError, match="far too long"):
            parse_delta(data)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_the_largest_pack_that_can_be_is_within_the_bounds() -> None:
    items = [
        {"path": f"{folder:02}_ES/{track:03}.mp3", "bytes": 1, "sha256": "a" * 64}
        for folder in range(98)
        for track in range(99)
    ]
    told = {**TOLD, "files": items, "items": [{key: [1, 2] for key in "abcdefghijklmnop"}] * 9_702}
    assert len(parse_contents(canonical_json(told).encode()).files) == 9_702
