"""Asking for news: RFC 9110, clause 13; and resuming with If-Range."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from production.preview.requests import Validators, judge
from tests.preview.conftest import NOW, SOUND, WRITTEN, Served

ETAG = f'"{hashlib.sha256(SOUND).hexdigest()}"'
OTHER = '"another"'
SOUND_PATH = "m/water-1.mp3"


def date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def status_of(served: Served, headers: dict[str, str], path: str = SOUND_PATH) -> int:
    return requests.get(served.url + path, headers=headers, timeout=10).status_code


def test_the_etag_is_strong_and_of_the_content(served: Served) -> None:
    answer = requests.head(served.url + SOUND_PATH, timeout=10)
    assert answer.headers["ETag"] == ETAG
    assert answer.headers["Last-Modified"] == "Sun, 22 Nov 2026 08:00:00 GMT"
    # other times, same bytes
    os.utime(served.folder / SOUND_PATH, (1, 1))
    assert requests.head(served.url + SOUND_PATH, timeout=10).headers["ETag"] == ETAG


def test_the_etag_of_a_feed_is_of_the_bytes_that_are_sent(served: Served) -> None:
    answer = requests.get(served.url + "corta/en.xml", timeout=10)
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": ETAG}, 304),
        ({"If-None-Match": f"W/{ETAG}"}, 304),
        ({"If-None-Match": f"{OTHER}, {ETAG}"}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": OTHER}, 200),
        ({"If-None-Match": "nonsense"}, 200),
        ({"If-Modified-Since": date(WRITTEN)}, 304),
        ({"If-Modified-Since": date(WRITTEN + timedelta(seconds=1))}, 304),
        ({"If-Modified-Since": date(WRITTEN - timedelta(seconds=1))}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        # If-None-Match wins, either way
        ({"If-None-Match": OTHER, "If-Modified-Since": date(WRITTEN)}, 200),
        ({"If-None-Match": ETAG, "If-Modified-Since": date(datetime(2000, 1, 1, tzinfo=UTC))}, 304),
        # a known state is not sent again in part
        ({"If-None-Match": ETAG, "Range": "bytes=0-1"}, 304),
        ({"If-Match": OTHER}, 412),
        ({"If-Match": f"W/{ETAG}"}, 412),
        ({"If-Match": ETAG}, 200),
        ({"If-Unmodified-Since": date(WRITTEN - timedelta(seconds=1))}, 412),
        ({"If-Unmodified-Since": date(WRITTEN)}, 200),
    ],
)
def test_a_client_is_told_whether_its_copy_stands(
    served: Served, headers: dict[str, str], status: int
) -> None:
    assert status_of(served, headers) == status


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (ETAG, 206),
        (OTHER, 200),
        (f"W/{ETAG}", 200),
        (date(WRITTEN), 206),
        (date(WRITTEN + timedelta(seconds=1)), 200),
        ("nonsense", 200),
    ],
)
def test_a_download_goes_on_only_from_the_same_state(
    served: Served, state: str, status: int
) -> None:
    assert status_of(served, {"Range": "bytes=100-", "If-Range": state}) == status


def test_a_304_has_no_body_and_keeps_the_connection(served: Served) -> None:
    with requests.Session() as line:
        known = line.get(served.url + "corta/en.xml", timeout=10)
        again = line.get(
            served.url + "corta/en.xml",
            headers={"If-None-Match": known.headers["ETag"]},
            timeout=10,
        )
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == known.headers["ETag"]
        assert line.get(served.url + "corta/en.xml", timeout=10).content == known.content


def test_no_file_is_from_the_future(served: Served) -> None:
    late = (NOW + timedelta(days=9)).timestamp()
    os.utime(served.folder / SOUND_PATH, (late, late))
    answer = requests.head(served.url + SOUND_PATH, timeout=10)
    assert answer.headers["Last-Modified"] == answer.headers["Date"] == date(NOW)


def test_a_file_that_changed_has_another_etag_at_once(served: Served) -> None:
    before = requests.head(served.url + "index.html", timeout=10).headers["ETag"]
    path = served.folder / "index.html"
    beside = path.with_name("new")
    beside.write_text("<title>changed</title>")
    beside.replace(path)
    answer = requests.get(served.url, headers={"If-None-Match": before}, timeout=10)
    assert (answer.status_code, answer.text) == (200, "<title>changed</title>")


FOUND = Validators(etag=ETAG, modified=WRITTEN, length=100)
NAMES = ["If-Match", "If-None-Match", "If-Range", "Range", "If-Modified-Since"]


@given(
    headers=st.dictionaries(
        st.sampled_from([*NAMES, "If-Unmodified-Since"]),
        st.one_of(
            st.text(max_size=60),
            st.just(ETAG),
            st.just("bytes=0-9"),
            st.datetimes(timezones=st.just(UTC)).map(date),
            st.just("Fri, 31 Dec 9999 23:59:59 -2300"),
            st.just("Mon, 01 Jan 0001 00:00:00 +2300"),
        ),
    )
)
def test_no_header_breaks_the_judge(headers: dict[str, str]) -> None:
    verdict = judge(headers, FOUND, method="GET")
    assert verdict.status in {200, 206, 304, 412, 416}
    assert 0 <= verdict.start <= verdict.start + verdict.length <= FOUND.length
