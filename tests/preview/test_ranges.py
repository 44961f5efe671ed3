"""Parts of a file: RFC 9110, clause 14, held against a file that was cut by hand."""

import http.client

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from production.preview.requests import range_of
from tests.preview.conftest import SOUND, Served

FILE = bytes(range(10))


def cut(first: str, last: str, length: int) -> range | None:
    """Give the places that a range names among those that there are, one by one.

    The reference: no arithmetic, only a list of places that is looked through. None for what is
    no range.
    """
    places = range(length)
    if not first and not last:
        return None
    if not first:
        kept = [place for place in places if length - place <= int(last)]
    elif last and int(last) < int(first):
        return None
    else:
        kept = [p for p in places if p >= int(first) and (not last or p <= int(last))]
    return range(kept[0], kept[-1] + 1) if kept else range(0)


numbers = st.one_of(
    st.integers(0, 40).map(str),
    st.integers(0, 10**30).map(str),
    st.integers(0, 40).map(lambda n: f"000{n}"),
    st.just(""),
)


@given(first=numbers, last=numbers, length=st.integers(0, 40))
def test_a_range_names_the_places_that_a_list_names(first: str, last: str, length: int) -> None:
    wanted = cut(first, last, length)
    found = range_of(f"bytes={first}-{last}", length)
    if wanted is None:
        assert found is None
    elif wanted:
        assert found is not None
        assert (found.status, found.start, found.length) == (206, wanted.start, len(wanted))
    elif length or first or not int(last):
        assert found is not None
        assert found.status == 416
    else:
        # the last bytes of an empty file: no Content-Range can say so, and 200 with nothing does
        assert found is None


@given(text=st.text(max_size=40))
def test_what_is_no_range_is_passed_over(text: str) -> None:
    found = range_of(text, 10)
    assert found is None or text.lower().startswith("bytes=")


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=1",
        "bytes=5-2",
        "bytes=0-1,4-5",
        "bytes 0-1",
        "octets=0-1",
        "bytes=+1-2",
        "bytes=1-2-3",
        "bytes=٣-٤",
        "bytes=1_0-2",
    ],
)
def test_what_cannot_be_parsed_or_asks_twice_gets_the_whole(served: Served, asked: str) -> None:
    answer = requests.get(
        served.url + "m/water-1.mp3", headers={"Range": asked.encode()}, timeout=10
    )
    assert answer.status_code == 200
    assert answer.content == SOUND


@pytest.mark.parametrize(
    ("asked", "said", "body"),
    [
        ("bytes=0-1", "bytes 0-1/102400", SOUND[:2]),
        ("bytes=0-0", "bytes 0-0/102400", SOUND[:1]),
        ("BYTES=102399-", "bytes 102399-102399/102400", SOUND[-1:]),
        ("bytes=300-999999999", "bytes 300-102399/102400", SOUND[300:]),
        ("bytes=-5", "bytes 102395-102399/102400", SOUND[-5:]),
        ("bytes=-200000", "bytes 0-102399/102400", SOUND),
        ("bytes= 7-9 ", "bytes 7-9/102400", SOUND[7:10]),
    ],
)
def test_a_part_comes_with_its_place(served: Served, asked: str, said: str, body: bytes) -> None:
    answer = requests.get(served.url + "m/water-1.mp3", headers={"Range": asked}, timeout=10)
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == said
    assert answer.headers["Content-Length"] == str(len(body))
    assert answer.content == body


@pytest.mark.parametrize("asked", ["bytes=102400-", "bytes=102400-102500", "bytes=-0"])
def test_a_part_behind_the_end_is_refused_with_the_length(served: Served, asked: str) -> None:
    answer = requests.get(served.url + "m/water-1.mp3", headers={"Range": asked}, timeout=10)
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */102400"


@pytest.mark.parametrize(("asked", "status"), [("bytes=0-", 416), ("bytes=-3", 200)])
def test_an_empty_file_has_no_parts(served: Served, asked: str, status: int) -> None:
    answer = requests.get(served.url + "m/empty.txt", headers={"Range": asked}, timeout=10)
    assert answer.status_code == status


def test_parts_are_of_the_document_as_it_is_served(served: Served) -> None:
    whole = requests.get(served.url + "corta/en.xml", timeout=10).content
    part = requests.get(served.url + "corta/en.xml", headers={"Range": "bytes=100-"}, timeout=10)
    assert part.status_code == 206
    assert part.content == whole[100:]
    assert part.headers["Content-Range"].endswith(f"/{len(whole)}")


def test_a_head_tells_the_whole_whatever_part_is_asked_for(served: Served) -> None:
    # RFC 9110, 14.2: only GET has ranges
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    line.request("HEAD", "/m/water-1.mp3", headers={"Range": "bytes=0-1"})
    answer = line.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    assert answer.headers["Content-Length"] == "102400"
    line.close()
