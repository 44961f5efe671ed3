"""No path leads out of the folder, and nothing hidden is shown."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.preview.files import key_of
from tests.preview.conftest import Served
from tests.preview.lines import ask


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/m/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/m/..%2f..%2fsecret.txt",
        "/%252e%252e/secret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/m/water-1.mp3%00.txt",
        "/m%00",
        "/./index.html",
        "//index.html/",
        "/m//water-1.mp3",
        "/.hidden",
        "/m/.water.12.tmp",
        "/%ff%fe",
        "/m/",
        "/m",
        "/linked.txt",
        "/out/secret.txt",
        "/pipe",
        "/index.html/x",
        "/m/water-1.mp3/",
        "secret.txt",
        "/" + "a/" * 600,
        "/" + "a" * 3000,
    ],
)
def test_a_path_that_names_nothing_published_finds_nothing(served: Served, path: str) -> None:
    (served.folder.parent / "secret.txt").write_text("secret")
    (served.folder / "linked.txt").symlink_to(served.folder.parent / "secret.txt")
    (served.folder / "out").symlink_to(served.folder.parent)
    (served.folder / ".hidden").write_text("secret")
    (served.folder / "m" / ".water.12.tmp").write_text("secret")
    os.mkfifo(served.folder / "pipe")
    answer = ask(served.port, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.status == 404
    assert b"secret" not in answer.body


@given(path=st.text(alphabet="/.%2eEfF5cC\\\0ab~", max_size=30).map(lambda text: f"/{text}"))
def test_a_key_never_climbs_or_hides(path: str) -> None:
    key = key_of(path)
    if key is not None:
        assert all(part and not part.startswith(".") for part in key.split("/"))
        assert not set(key) & set("\\\0~%")


def test_a_folder_that_is_reached_by_a_link_is_served(served: Served, tmp_path: Path) -> None:
    # the operator named it; only what lies in it must stay in it
    (tmp_path / "link").symlink_to(served.folder)
    assert (tmp_path / "link" / "index.html").exists()


def test_a_socket_in_the_folder_is_no_file(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(served.folder)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("door")
        assert ask(served.port, b"GET /door HTTP/1.1\r\nHost: x\r\n\r\n").status == 404


def test_a_folder_means_its_page(served: Served) -> None:
    answer = ask(served.port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"English" in answer.body
    answer = ask(served.port, b"GET /en/ HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"<title>English" in answer.body
    moved = ask(served.port, b"GET /en HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    assert (moved.status, moved.headers["location"]) == (301, f"{served.url}en/")


@pytest.mark.parametrize("target", ["//evil.example/%2e%2e", "//evil.example", "//en"])
def test_no_address_leads_to_another_server(served: Served, target: str) -> None:
    answer = ask(served.port, f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.headers.get("location", served.url).startswith(served.url)


def test_a_query_and_a_whole_address_are_understood(served: Served) -> None:
    for target in ("/index.html?x=../..", "http://other/index.html", "/index.html#top"):
        answer = ask(served.port, f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert answer.status == 200, target
