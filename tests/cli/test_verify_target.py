"""altavoz verify TARGET and altavoz gc as people and timers use them."""

import json
import os
import shutil
from pathlib import Path

import pytest

from programme.digests import digest_bytes
from tests.production.published import NOON, made_once, make, send
from tests.production.running import TODAY, run_here

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace that published to its folder public: never change it."""
    built = made_once(tmp_path_factory)
    root = tmp_path_factory.mktemp("published") / "workspace"
    made = make(built)
    shutil.copytree(built, root)
    send(root, made)
    shutil.rmtree(root / ".altavoz")
    shutil.copytree(built / ".altavoz", root / ".altavoz")
    return root


@pytest.fixture
def workspace(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "workspace"
    shutil.copytree(published, root)
    monkeypatch.setenv("ALTAVOZ_KEYS", str(tmp_path / "keys"))
    monkeypatch.chdir(root)
    return root


def test_a_bare_word_is_the_target_although_its_folder_has_the_same_name(
    workspace: Path, capsys: Capture
) -> None:
    assert (workspace / "public").is_dir()
    done = run_here("verify", "public", capture=capsys)
    assert (done.code, done.out.count(" ok.")) == (0, 1)
    assert "Feeds were read whole" in done.err
    done = run_here("verify", "./public", capture=capsys)
    assert (done.code, "no pack here" in done.err) == (4, True)
    assert run_here("verify", "--target", "public", capture=capsys).code == 0


def test_a_word_that_is_a_target_and_a_pack_is_asked_back(workspace: Path, capsys: Capture) -> None:
    (workspace / "public/pack.json").write_text("{}")
    done = run_here("verify", "public", capture=capsys)
    assert done.code == 2
    assert "--target public" in done.err
    assert run_here("verify", "--target", "public", capture=capsys).code == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--target", "elsewhere"), "there is no target elsewhere"),
        (("pubic",), "no target, pack or folder pubic\n  targets: public, real"),
        ((), "name a pack or a target"),
        (("public", "--all", "--sample", "3"), "exclude each other"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    workspace: Path, capsys: Capture, arguments: tuple[str, ...], said: str
) -> None:
    del workspace
    done = run_here("verify", *arguments, capture=capsys)
    assert done.code in {2, 7}
    assert said in done.err


def test_a_program_reads_a_verdict_for_every_object(workspace: Path, capsys: Capture) -> None:
    gone = next((workspace / "public/m").glob("*-en-*.mp3"))
    gone.unlink()
    (workspace / "public/robots.txt").write_text("?")
    done = run_here("verify", "public", "--all", "--json", capture=capsys)
    told = json.loads(done.out)
    assert done.code == told["exit_code"] == 7
    assert told["counts"]["missing"] == 1
    verdicts = {one["key"]: one["verdict"] for one in told["objects"]}
    assert verdicts[f"m/{gone.name}"] == "missing"
    assert verdicts["robots.txt"] == "foreign"
    files = [path for path in (workspace / "public").rglob("*") if path.is_file()]
    assert len(verdicts) == len(files) + 1
    assert set(told["remedies"]) == set(told["counts"]) - {"ok"}


def test_a_sample_says_how_to_choose_the_same_again(workspace: Path, capsys: Capture) -> None:
    del workspace
    done = run_here("verify", "public", "--sample", "4", capture=capsys)
    seed = done.err.rsplit(" ", 1)[1].strip()
    assert len(seed) == 8
    again = [
        json.loads(
            run_here(
                "verify", "public", "--sample", "4", "--seed", seed, "--json", capture=capsys
            ).out
        )
        for _ in range(2)
    ]
    assert again[0] == again[1]
    assert again[0]["seed"] == seed


def test_what_verify_finds_missing_a_publish_brings_back(workspace: Path, capsys: Capture) -> None:
    gone = next((workspace / "public/m").glob("*-en-*.mp3"))
    gone.unlink()
    (workspace / "public/corta/en.xml").unlink()
    assert run_here("verify", "public", capture=capsys).code == 7
    assert run_here("publish", "public", capture=capsys).code == 0
    assert run_here("verify", "public", "--all", capture=capsys).code == 0
    assert gone.exists()


def test_what_is_past_its_day_ends_with_nine(workspace: Path, capsys: Capture) -> None:
    del workspace
    later = TODAY.replace(year=2027, month=2)
    done = run_here("verify", "public", day=later, capture=capsys)
    assert done.code == 9
    assert "whose last day was 2027-01-15" in done.out
    assert "What to do, expired: altavoz publish" in done.out


def test_gc_says_first_and_asks_nobody_where_nobody_is(workspace: Path, capsys: Capture) -> None:
    data = b"left over"
    left = workspace / f"public/m/corta-corta-9-en-{digest_bytes(data)[:12]}.mp3"
    left.write_bytes(data)
    long_ago = NOON.timestamp() - 40 * 86400
    os.utime(left, (long_ago, long_ago))
    done = run_here("gc", "public", "--dry-run", capture=capsys)
    assert (done.code, left.name in done.out, left.exists()) == (0, True, True)
    done = run_here("gc", "public", capture=capsys)
    assert (done.code, left.exists()) == (3, True)
    assert "--yes" in done.err
    done = run_here("gc", "public", "--yes", "--json", capture=capsys)
    told = json.loads(done.out)
    assert (done.code, told["removed"]) == (0, [f"m/{left.name}"])
    assert not left.exists()
    assert run_here("verify", "public", "--all", capture=capsys).code == 0
    done = run_here("gc", "public", "--yes", capture=capsys)
    assert (done.code, "0 of" in done.out) == (0, True)


@pytest.mark.parametrize("grace", ["soon", "-1d", "30w", "99999999999d"])
def test_a_grace_that_is_no_span_is_refused(workspace: Path, capsys: Capture, grace: str) -> None:
    del workspace
    assert run_here("gc", "public", f"--grace={grace}", capture=capsys).code == 2
