"""altavoz publish: to several places in one run, under a label, over a slow line, with a hub."""

import json
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feedparser
import pytest

from commands.sending import read_publisher
from commands.transfer import TransferBar
from production.targets.claims import Hold, Publisher, look_at_place
from production.targets.folder import FolderTarget
from programme.errors import ExitCode
from programme.network import TargetSettings
from tests.production.published import NOON
from tests.production.running import TINY, built_once, copy_of, edit, run_here
from tests.production.small import FILES

FOLDERS: Mapping[str, str | None] = {
    **TINY,
    "altavoz.toml": FILES["altavoz.toml"].partition("[targets.")[0]
    + "".join(
        f'[targets.{name}]\nkind = "folder"\npath = "{name}"\ndemo = {demo}\n'
        for name, demo in (("one", "true"), ("real", "false"), ("two", "true"))
    ),
}


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    return copy_of(built_once(tmp_path_factory, "folders", FOLDERS), tmp_path / "workspace")


def head(place: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((place / "publish.json").read_bytes())
    return found


def test_one_target_that_fails_does_not_stop_the_others_and_the_exit_code_says_so(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run_here("publish", "-j1", "-w", root, "--all", capture=capsys)
    assert done.code == ExitCode.EXPIRED  # demo facts may not go to the second
    assert "real failed:" in done.err
    assert "demo fact" in done.err
    assert "published to 2 of 3 targets; failed: real" in done.err
    assert not (root / "real").exists()
    for name in ("one", "two"):
        assert (root / name / "corta" / "es-419.xml").is_file()
        assert f"{root / name}: " in done.out
    again = run_here("publish", "-j1", "-w", root, "two", "one", "--json", capture=capsys)
    assert again.code == 0
    reports = json.loads(again.out)
    assert [one["target"] for one in reports] == ["two", "one"]
    assert [one["sent"] for one in reports] == [[], []]


def test_a_name_that_is_wrong_stops_all_before_anything_is_sent(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run_here("publish", "-j1", "-w", root, "one", "elsewhere", capture=capsys)
    assert done.code == ExitCode.TARGET
    assert "no target elsewhere" in done.err
    assert not (root / "one").exists()


def test_the_label_stands_in_the_head_and_nothing_else_of_who_publishes(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_here("publish", "-j1", "-w", root, "one", "--as", "Oficina de Tapachula", capture=capsys)
    assert head(root / "one")["last"] == {
        "by": "Oficina de Tapachula",
        "at": "2026-11-22T12:00:00Z",
    }
    monkeypatch.setenv("ALTAVOZ_PUBLISHER", "Radio Progreso")
    run_here("publish", "-j1", "-w", root, "two", capture=capsys)
    assert b'"by":"Radio Progreso"' in (root / "two" / "publish.json").read_bytes()
    for wrong in ("two\nlines", "x" * 61, " "):
        done = run_here("publish", "-j1", "-w", root, "one", "--as", wrong, capture=capsys)
        assert done.code == ExitCode.USAGE
        assert "a role" in done.err


def test_without_a_label_a_workspace_is_a_number_that_stays(root: Path) -> None:
    first = read_publisher(root, None)
    again = read_publisher(root, None)
    assert first.by == again.by == f"publisher {first.run[:6]}"
    assert first.run[:8] == again.run[:8]
    assert first.run != again.run
    (root / ".altavoz" / "publisher-id").write_text("damaged", encoding="ascii")
    assert read_publisher(root, None).by != first.by


def test_a_dry_run_leaves_no_trace_of_who_looked(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run_here("publish", "-j1", "-w", root, "one", "--dry-run", capture=capsys)
    assert done.code == 0
    assert "in all " in done.out
    assert not (root / "one").exists()
    assert not (root / ".altavoz" / "publisher-id").exists()
    assert not (root / ".altavoz" / "targets").exists()


def test_somebody_elses_publish_is_told_and_can_be_taken_over(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = TargetSettings(name="one", kind="folder", options={"path": "one"})
    target = FolderTarget(settings, root)
    other = Publisher(by="Radio Progreso", run="bbbbbbbb00000001")
    run_here("publish", "one", "-j1", "-w", root, capture=capsys)
    retract = ("release", "retract", "corta/corta-1", "--target", "one", "-j1", "-w", root)
    Hold(target, look_at_place(target, "small"), other, NOON)
    for command in (("publish", "one", "-j1", "-w", root), retract):
        done = run_here(*command, capture=capsys)
        assert done.code == ExitCode.TARGET
        assert "Radio Progreso publishes here since 2026-11-22 12:00 UTC" in done.err
        assert "--take-over" in done.err
    done = run_here(*retract, "--take-over", capture=capsys)
    assert done.code == 0
    assert "taking over from Radio Progreso" in done.err
    assert "withdrawn" in done.out


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--bandwidth", "fast"),
        ("--bandwidth", "0"),
        ("--bandwidth", "-5k"),
        ("--bandwidth", "200 kB"),
        ("--deadline", "30"),
        ("--deadline", "0m"),
        ("--parallel", "0"),
    ],
)
def test_figures_that_mean_nothing_are_refused(
    root: Path, capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    done = run_here("publish", "-j1", "-w", root, "one", option, value, capture=capsys)
    assert done.code == ExitCode.USAGE
    assert not (root / "one").exists()


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('base_url = "http://radio.example.org/"', "does not begin with https://"),
        ('base_url = "https://radio.example.org/?x=1"', "has a query or fragment"),
        ('base_url = "https://radio.example.org/#x"', "has a query or fragment"),
    ],
)
def test_a_public_address_that_no_player_can_use_stops_before_anything_is_sent(
    root: Path, capsys: pytest.CaptureFixture[str], written: str, problem: str
) -> None:
    edit(root / "altavoz.toml", 'base_url = "https://radio.example.org/"', written)
    done = run_here("publish", "-j1", "-w", root, "one", capture=capsys)
    assert done.code == ExitCode.FINDINGS
    assert problem in done.err
    assert not (root / "one").exists()


def test_progress_tells_how_much_how_fast_and_how_long_still() -> None:
    said: list[str] = []
    seconds = iter([0.0, 5.0, 20.0, 20.0, 20.0, 25.0])
    bar = TransferBar(said.append, clock=lambda: next(seconds))
    bar.begin_sending(10, 3_000_000)
    bar.passed(500_000, 0)  # too early to tell
    bar.sent(500_000)
    bar.passed(500_000, 0)
    assert said == ["sending: 1.0 of 3.0 MB, 1 of 10 objects, 50 kB/s, 0:40 left"]
    bar.end_sending()
    bar.passed(500_000, 0)
    assert len(said) == 1


# --- A hub ------------------------------------------------------------------------------------


@pytest.fixture
def hub() -> Iterator[tuple[str, list[str]]]:
    """Give the address of a hub on this machine, and what it was told."""
    told: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
            told.extend(urllib.parse.parse_qs(body)["hub.url"])
            self.send_response(500 if self.path == "/broken" else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", told
        server.shutdown()
        thread.join()


def with_hub(root: Path, address: str) -> None:
    edit(
        root / "altavoz.toml",
        'licence = "cc-by-4.0"',
        f'licence = "cc-by-4.0"\nwebsub = "{address}"',
    )


def test_a_hub_is_named_in_feeds_and_told_of_those_that_changed_once_they_are_out(
    root: Path, hub: tuple[str, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    address, told = hub
    with_hub(root, f"{address}/hub")
    done = run_here("publish", "-j1", "-w", root, "one", capture=capsys)
    assert done.code == 0, done.err
    feed = "https://radio.example.org/corta/es-419.xml"
    assert feed in told
    assert feed.replace(".xml", ".json") in told
    assert "https://radio.example.org/feeds.opml" not in told
    assert f"told the hub {address}/hub" in done.out
    parsed = feedparser.parse((root / "one" / "corta" / "es-419.xml").read_bytes())
    links = {link.rel: link.href for link in parsed.feed.links if link.rel in {"hub", "self"}}
    assert links == {"hub": f"{address}/hub", "self": feed}
    as_json = json.loads((root / "one" / "corta" / "es-419.json").read_bytes())
    assert as_json["hubs"] == [{"type": "WebSub", "url": f"{address}/hub"}]
    told.clear()
    run_here("publish", "-j1", "-w", root, "one", capture=capsys)
    assert told == []


def test_a_hub_that_fails_is_told_of_and_does_not_fail_the_publish(
    root: Path, hub: tuple[str, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    address, _ = hub
    with_hub(root, f"{address}/broken")
    done = run_here("publish", "-j1", "-w", root, "one", capture=capsys)
    assert done.code == 0
    assert "the hub answers 500" in done.err
    assert (root / "one" / "corta" / "es-419.xml").is_file()


def test_a_rehearsal_tells_no_hub_in_the_world(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_hub(root, "https://hub.example.org/")
    done = run_here("publish", "-j1", "-w", root, "one", "--json", capture=capsys)
    assert json.loads(done.out)["hub"] is None


def test_a_hub_is_asked_over_https_alone(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_hub(root, "http://hub.example.org/")
    done = run_here("check", "-w", root, capture=capsys)
    assert done.code == ExitCode.FINDINGS
    assert "[network.websub]" in done.out
