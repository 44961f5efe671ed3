"""The command: what it says, to whom it listens, how it ends."""

import json
import os
import pty
import socket
import subprocess
import time
from pathlib import Path

import requests

from feeds.qr_code import terminal_code
from programme.errors import ExitCode
from tests.preview.conftest import write_site
from tests.preview.running import COMMAND, refused, serving
from tests.production.running import environment
from tests.production.small import FILES

S3 = '\n[targets.cloud]\nkind = "s3"\nbucket = "sounds"\n'


def write_workspace(root: Path, more: str = "") -> Path:
    root.mkdir()
    (root / "altavoz.toml").write_text(FILES["altavoz.toml"].lstrip("\n") + more, encoding="utf-8")
    return root


def test_the_first_target_is_served_to_this_computer_alone(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "workspace")
    write_site(root / "public")
    with serving("--port", "0", cwd=root) as server:
        assert server.report["place"] == "public"
        assert server.url.startswith("http://127.0.0.1:")
        feeds = [feed["address"] for feed in server.report["feeds"]]
        assert feeds == [f"{server.url}corta/en.xml", f"{server.url}corta/es-419.xml"]
        assert requests.get(feeds[0], timeout=10).status_code == 200
        listening = Path(f"/proc/{server.process.pid}/net/tcp").read_text()
        port = f":{int(server.url.rstrip('/').rpartition(':')[2]):04X} "
        # 127.0.0.1, as the kernel writes it, and 0A for listening
        found = [
            row.split()[1] for row in listening.splitlines() if f"{port}00000000:0000 0A" in row
        ]
        assert found == [f"0100007F{port.strip()}"]
    assert server.process.returncode == ExitCode.OK
    assert "Only this computer can open it" in server.err
    assert "200 GET /corta/en.xml" in server.err
    assert server.err.endswith("Stopped.\n")


def test_a_stick_is_served_where_no_workspace_is(tmp_path: Path) -> None:
    with serving(write_site(tmp_path / "stick"), "--port", "0", cwd=tmp_path) as server:
        assert requests.get(server.url, timeout=10).status_code == 200


def test_what_is_published_while_it_runs_is_served(tmp_path: Path) -> None:
    site = write_site(tmp_path / "public")
    with serving(site, "--port", "0", cwd=tmp_path) as server:
        (site / "corta" / "new.html").write_text("new")
        assert requests.get(f"{server.url}corta/new.html", timeout=10).text == "new"


def test_lan_says_plainly_who_can_open_it(tmp_path: Path) -> None:
    # another address of this computer, as its address in a network would be
    site = write_site(tmp_path / "public")
    words = ["--lan", "--address", "127.0.0.2", "--port", "0"]
    with serving(site, *words, cwd=tmp_path) as server:
        assert server.url.startswith("http://127.0.0.2:")
        feed = requests.get(server.report["feeds"][0]["address"], timeout=10).text
        assert f'href="{server.url}corta/en.xml"' in feed
    assert "Everybody in this network can open it" in server.err
    assert "not encrypted" in server.err


def test_the_log_has_a_line_for_each_request(tmp_path: Path) -> None:
    site = write_site(tmp_path / "public")
    with serving(site, "--port", "0", "--log", "log.jsonl", cwd=tmp_path) as server:
        requests.get(server.url, headers={"User-Agent": "Phone/7"}, timeout=10)
        requests.head(server.url, timeout=10)
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    # an answer is noted when it is done: the second may be done before the first
    assert {json.loads(line)["method"] for line in lines} == {"GET", "HEAD"}
    assert "Phone" not in "".join(lines)
    assert "127.0.0.1" not in "".join(lines)


def test_a_full_disk_ends_the_log_and_not_the_serving(tmp_path: Path) -> None:
    site = write_site(tmp_path / "public")
    with serving(site, "--port", "0", "--log", "/dev/full", cwd=tmp_path) as server:
        for _ in range(3):
            assert requests.get(server.url, timeout=10).status_code == 200
    assert server.err.count("the disk is full") == 1
    assert "The log ends here; serving goes on." in server.err


def test_a_port_in_use_is_said_in_words(tmp_path: Path) -> None:
    site = write_site(tmp_path / "public")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = refused(site, "--port", port, cwd=tmp_path)
    assert code == ExitCode.TARGET
    assert f"another program uses port {port}" in said
    assert "--port 0 takes a free one" in said


def test_an_address_of_another_computer_is_said_in_words(tmp_path: Path) -> None:
    site = write_site(tmp_path / "public")
    code, said = refused(site, "--lan", "--address", "198.51.100.7", "--port", "0", cwd=tmp_path)
    assert code == ExitCode.TARGET
    assert "this computer does not have this address" in said


def test_what_cannot_be_served_is_said_with_what_to_do(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "workspace", S3)
    for words, problem, remedy in (
        ([], "there is no such folder", "altavoz publish public"),
        (["cloud"], "only folders can be served", "[targets.preview]"),
        (["nowhere"], "there is no such folder", "targets: public, real, cloud"),
        ([tmp_path], "no feed is published in this folder", "name a folder"),
    ):
        code, said = refused(*words, "--port", "0", cwd=root)
        assert code == ExitCode.TARGET, said
        assert problem in said
        assert remedy in said
    code, said = refused(cwd=tmp_path)
    assert "no altavoz.toml with a target" in said
    (root / "altavoz.toml").write_text("[network]\n")
    code, said = refused(cwd=root)
    assert code == ExitCode.FINDINGS
    code, said = refused("--address", "127.0.0.2", cwd=root)
    assert (code, "--address goes with --lan" in said) == (ExitCode.USAGE, True)
    code, said = refused("--lan", "--address", "laptop.local", cwd=root)
    assert (code, "the numbers of an address" in said) == (ExitCode.USAGE, True)


def test_in_a_terminal_the_code_is_shown_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    site = write_site(tmp_path / "public")
    words = [str(site), "--lan", "--address", "127.0.0.2", "--port", "0"]
    outer, inner = pty.openpty()
    with subprocess.Popen(
        ["setsid", "--ctty", *COMMAND, *words],
        cwd=tmp_path,
        env=environment({"LC_ALL": "C.UTF-8", "COLUMNS": "80"}),
        stdin=inner,
        stdout=inner,
        stderr=inner,
    ) as process:
        os.close(inner)
        said = b""
        stop = time.monotonic() + 30
        while b"Ctrl-C to stop" not in said and time.monotonic() < stop:
            said += os.read(outer, 65536)
        os.write(outer, b"\x03")
        process.wait(timeout=20)
    os.close(outer)
    shown = said.decode().replace("\r\n", "\n")
    url = shown.split(" at ", 1)[1].split("\n", 1)[0]
    assert terminal_code(url).rstrip() in shown
    assert "español latinoamericano\n" in shown
    assert process.returncode == ExitCode.OK
