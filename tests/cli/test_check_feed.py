"""The command: altavoz check feed of a file, a folder, a target and a server on this computer."""

import contextlib
import functools
import http.server
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli import altavoz
from programme.errors import ExitCode, ProductionError

GOOD = Path(__file__).parents[1] / "feeds" / "faulty" / "good.xml"
ALONE = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel>
<title>Camino</title>
<link>https://radio.example.org/</link>
<description>Camino</description>
<language>es</language>
<atom:link rel="self" href="https://radio.example.org/camino/es.xml"/>
<itunes:category text="News"/>
<itunes:explicit>false</itunes:explicit>
<item>
<title>Agua</title>
<guid isPermaLink="false">agua</guid>
<enclosure url="https://radio.example.org/m/agua.mp3" length="5" type="audio/mpeg"/>
</item>
</channel>
</rss>
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(altavoz, ["check", "feed", *arguments], catch_exceptions=False)


@pytest.fixture
def public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "public"
    (folder / "camino").mkdir(parents=True)
    (folder / "m").mkdir()
    (folder / "camino" / "es.xml").write_text(ALONE, encoding="utf-8")
    (folder / "m" / "agua.mp3").write_bytes(b"\xff\xfb\x50\xc0" + b"\0" * 500)
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_good_feed_alone_is_passed() -> None:
    done = run(str(GOOD))
    assert done.exit_code == 0, done.output
    assert "0 errors, 0 warnings" in done.output


def test_a_folder_is_held_against_its_files_and_lines_are_shown(public: Path) -> None:
    done = run(public.name)
    assert done.exit_code == ExitCode.FINDINGS
    assert "public/camino/es.xml:15: error: the feed says 5 bytes" in done.output
    assert "the file has 504 [" not in done.output
    assert "[feed-file.length]" in done.output
    assert '<enclosure url="https://radio.example.org/m/agua.mp3"' in done.output
    assert "source: https://" in done.output
    assert run("public", "--no-files").exit_code == 0
    assert run("public", "--no-files", "--strict").exit_code == ExitCode.FINDINGS


def test_findings_are_given_to_programs(public: Path) -> None:
    rows = json.loads(run(public.name, "--json").stdout)
    assert {"file", "line", "rule", "severity", "problem", "remedy"} == set(rows[0])
    done = run("public", "--format", "sarif", "-o", "feeds.sarif")
    assert done.exit_code == ExitCode.FINDINGS
    log = json.loads((public.parent / "feeds.sarif").read_text(encoding="utf-8"))
    known = {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert known["feed-file.length"]["shortDescription"]["text"]
    where = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "public/camino/es.xml"


class Plain(http.server.SimpleHTTPRequestHandler):
    """A server without ranges, as Python's own."""

    extensions_map = {".xml": "application/rss+xml", ".mp3": "text/plain"}  # noqa: RUF012

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        del format, args


@pytest.fixture
def server(public: Path) -> Iterator[str]:
    handler = functools.partial(Plain, directory=str(public))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_a_server_on_this_computer_is_asked_for_head_type_and_ranges(server: str) -> None:
    done = run(f"{server}/camino/es.xml")
    assert done.exit_code == ExitCode.FINDINGS
    for rule in ("feed-file.length", "feed-file.served-type", "feed-file.ranges"):
        assert f"[{rule}]" in done.output
    assert f"{server}/camino/es.xml:15: error" in done.output


def test_no_other_computer_is_ever_asked() -> None:
    for address in ("https://radio.example.org/es.xml", "http://192.168.1.1/es.xml"):
        with pytest.raises(ProductionError, match="only a server on this computer"):
            run(address)


def test_what_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for place in ("nowhere", "."):
        with pytest.raises(ProductionError, match="there is no"):
            run(place)
    with pytest.raises(ProductionError, match="no feed was named"):
        run()


def test_rules_of_feeds_are_explained_in_four_languages() -> None:
    for reader, word in (
        ("en", "AntennaPod"),
        ("es", "episodios"),
        ("fr", "épisodes"),
        ("pt", "itens"),
    ):
        done = CliRunner().invoke(altavoz, ["explain", "--lang", reader, "feed-item.same-title"])
        assert done.exit_code == 0
        assert word in done.output
    assert "feed-podcast.moved" in CliRunner().invoke(altavoz, ["explain", "feed-podcast"]).output


def test_a_file_of_one_endless_line_is_told_in_a_few_rows(tmp_path: Path) -> None:
    path = tmp_path / "null.xml"
    path.write_bytes(b"\0" * 1_000_000)
    done = run(str(path))
    assert done.exit_code == ExitCode.FINDINGS
    assert len(done.output) < 10_000


@pytest.mark.parametrize("address", ["http://[::1", "http://127.0.0.1:port/", "http://[x]/"])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(ProductionError, match="no web address") as error:
        run(address)
    assert error.value.code is ExitCode.USAGE


class _Dripping(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            for _ in range(200):
                self.wfile.write(b"<")
                time.sleep(0.05)

    def log_message(self, *arguments: object) -> None:
        del arguments


def test_a_server_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("production.catalogue.feed_shelves._PATIENCE_S", 0.5)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Dripping) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with pytest.raises(ProductionError, match="no whole answer"):
                run(f"http://127.0.0.1:{server.server_address[1]}/feed.xml")
        finally:
            server.shutdown()
