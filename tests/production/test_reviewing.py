"""Reviews through the real command: what is listed, what is signed, and what a publish refuses."""

import json
from datetime import date
from pathlib import Path

import pytest

from programme.errors import ExitCode
from tests.production.running import Done, copy_of, edit, known_sound, run_here
from tests.production.small import FILES, write_small

SMALL: dict[str, str | None] = {
    **dict.fromkeys(name for name in FILES if "bucle" in name or name.startswith("stations/")),
    "altavoz.toml": FILES["altavoz.toml"].replace("required = false", "required = true"),
    "facts/cr-911.yml": FILES["facts/cr-911.yml"].replace("status: demo", "status: active"),
}
EDITORIAL = ("--kind", "editorial", "--role", "editor", "--yes")
LANGUAGE = ("--lang", "en", "--kind", "language", "--role", "Language reviewer", "--yes")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return known_sound(write_small(tmp_path_factory.mktemp("reviewing"), SMALL), tmp_path_factory)


@pytest.fixture
def here(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = copy_of(root, tmp_path / "small")
    monkeypatch.chdir(folder)
    return folder


def sign_all(capture: pytest.CaptureFixture[str]) -> None:
    for segment in ("agua", "ayuda", "aviso"):
        assert run_here("review", "sign", segment, *EDITORIAL, capture=capture).code == 0
        assert run_here("review", "sign", segment, *LANGUAGE, capture=capture).code == 0


def publish(capture: pytest.CaptureFixture[str], target: str = "real") -> Done:
    return run_here("publish", "-j1", target, capture=capture)


def test_a_real_target_waits_for_every_review_and_names_them(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = publish(capsys)
    assert done.code == ExitCode.FINDINGS
    for place in ("agua es-419: editorial", "agua en: language", "ayuda es-419", "aviso en"):
        assert place in done.err
    assert not (here / "real").exists()
    assert not (here / "build").exists()  # nobody waits an hour for this answer


def test_a_rehearsal_does_not_wait(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert publish(capsys, "public").code == 0
    assert (here / "public" / "corta" / "en.xml").is_file()


def test_a_pack_waits_for_its_reviews_as_a_publish_does(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    packs = {name: FILES[name] for name in FILES if name == "stations/packs.yml"}
    root = known_sound(write_small(tmp_path, {**SMALL, **packs}), tmp_path_factory)
    done = run_here("pack", "-j1", "-w", root, capture=capsys)
    assert done.code == ExitCode.FINDINGS, done.said
    assert "packs for packs: reviews are open:" in done.err
    assert "agua es-419: editorial" in done.err
    assert not (root / "build" / "packs").exists()
    assert run_here("pack", "-j1", "-w", root, "--rehearsal", capture=capsys).code == 0


def test_signed_by_all_it_goes_and_a_new_number_stops_the_next(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_all(capsys)
    assert publish(capsys).code == 0
    edit(here / "facts" / "cr-911.yml", '["9", "1", "1"]', '["9", "1", "2"]')
    done = publish(capsys)
    assert done.code == ExitCode.FINDINGS
    assert "ayuda es-419: editorial by editor or producer (reopened): the fact cr-911" in done.err
    assert "ayuda en: language by language-reviewer (reopened): the fact cr-911" in done.err
    assert "agua" not in done.err


def test_what_cannot_wait_goes_out_alone_and_all_else_stays(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_all(capsys)
    assert publish(capsys).code == 0
    before = {path: path.read_bytes() for path in (here / "real" / "m").iterdir()}
    old = (here / "real" / "corta" / "en.xml").read_text(encoding="utf-8")
    edit(here / "scripts" / "agua" / "es-419.md", "Lleve agua", "Lleve mucha agua")
    edit(here / "scripts" / "agua" / "en.md", "water", "much water")
    assert run_here("translate", "done", "agua", "en", capture=capsys).code == 0
    alert = FILES["episodes/corta-1.yml"].replace("number: 1", "number: 2")
    alert = alert.replace("Agua y ayuda", "Alerta").replace("Water and help", "Alert")
    slots = alert[: alert.index("rundown:")] + "rundown:\n  - segment: ayuda\n"
    (here / "episodes" / "alerta.yml").write_text(slots, encoding="utf-8")
    assert publish(capsys).code == ExitCode.FINDINGS
    done = run_here("publish", "-j1", "real", "--only", "alerta", capture=capsys)
    assert done.code == 0, done.said
    assert "new: corta alerta en" in done.out
    assert "stays as it was, as it was not named: corta corta-1 en" in done.out
    assert all(path.read_bytes() == data for path, data in before.items())
    new = (here / "real" / "corta" / "en.xml").read_text(encoding="utf-8")
    for line in old.splitlines():
        if "<enclosure" in line or "<guid" in line:
            assert line in new
    assert new.count("<item>") == old.count("<item>") + 1
    for kind in (EDITORIAL, LANGUAGE):
        assert run_here("review", "sign", "agua", *kind, capture=capsys).code == 0
    assert "correct: corta corta-1 en" in publish(capsys).out
    done = run_here("publish", "real", "--only", "alarta", capture=capsys)
    assert done.code == ExitCode.USAGE


def test_who_asks_for_changes_stops_it_with_their_words(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_all(capsys)
    asked = ("--result", "changes-needed", "--note", "sip, not drink", "--by", "R.")
    assert run_here("review", "sign", "agua", *LANGUAGE, *asked, capture=capsys).code == 0
    done = publish(capsys)
    assert done.code == ExitCode.FINDINGS
    assert "R. asks for changes: sip, not drink" in done.err
    assert not (here / "real").exists()


def test_a_workspace_that_keeps_its_reviews_elsewhere_does_not_wait(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(here / "altavoz.toml", "required = true", "required = false")
    assert publish(capsys).code == 0


def test_the_list_says_what_is_open_done_and_reopened(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_here("review", "sign", "agua", *EDITORIAL, capture=capsys)
    run_here("review", "sign", "ayuda", *EDITORIAL, capture=capsys)
    edit(here / "scripts" / "ayuda" / "es-419.md", "Repito:", "Otra vez:")
    done = run_here("review", "list", "--json", capture=capsys)
    states = {(n["segment"], n["language"]): n["state"] for n in json.loads(done.out)}
    assert states == {
        ("agua", "es-419"): "done",
        ("agua", "en"): "open",
        ("aviso", "es-419"): "open",
        ("aviso", "en"): "open",
        ("ayuda", "es-419"): "reopened",  # and its translation is stale, so nobody reviews it yet
    }
    done = run_here("review", "list", "--open", "--lang", "es-419", capture=capsys)
    assert "the text changed" in done.out
    assert "2 reviews: 1 open, 1 reopened" in done.out
    done = run_here("review", "list", "--segment", "agua", capture=capsys)
    assert "ayuda" not in done.out


def test_signing_shows_the_words_as_spoken_and_the_dates_of_the_facts(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run_here("review", "sign", "ayuda", *LANGUAGE, "--dry-run", capture=capsys)
    assert done.code == 0
    assert "Call nine, one, one" in done.out
    assert "cr-911: active, verified on 2026-11-22, until 2027-01-31" in done.out
    assert not (here / "reviews").exists()
    run_here("review", "sign", "ayuda", *LANGUAGE, capture=capsys)
    before = (here / "reviews" / "ayuda.yml").read_bytes()
    run_here("review", "sign", "ayuda", *EDITORIAL, capture=capsys)
    after = (here / "reviews" / "ayuda.yml").read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n- {") == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("agua", "--kind", "editorial", "--role", "language-reviewer"), "may not sign"),
        (("agua", "--kind", "editorial", "--role", "boss"), "may not sign"),
        (("agu", *EDITORIAL), "did you mean agua?"),
        (("agua", *EDITORIAL, "--lang", "fr"), "not a language of this network"),
        (("agua", *LANGUAGE, "--lang", "ht"), "no text that may air"),
        (("agua", *LANGUAGE, "--heard"), "no recording of the present words"),
        (("agua", *EDITORIAL, "--note", "two\nlines"), "line breaks"),
        (("agua", *EDITORIAL[:-1]), "--yes says that you have read it"),
    ],
)
def test_what_cannot_be_signed_is_refused_with_a_remedy(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    done = run_here("review", "sign", *arguments, capture=capsys)
    assert done.code in {ExitCode.USAGE, ExitCode.INPUT}
    assert says in done.err
    assert not (here / "reviews").exists()


def test_a_recording_without_a_text_is_heard_by_a_reviewer(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tone = here / "sounds" / "tono.wav"
    assert run_here("takes", "add", "agua", "ht", tone, capture=capsys).code == 0
    done = run_here("review", "list", "--lang", "ht", "--json", capture=capsys)
    [need] = json.loads(done.out)
    assert (need["segment"], need["recording"], need["state"]) == ("agua", True, "open")
    spoken = (*LANGUAGE[2:], "--lang", "ht")
    done = run_here("review", "sign", "agua", *spoken, capture=capsys)
    assert "recording: " in done.out
    done = run_here("review", "list", "--lang", "ht", "--json", capture=capsys)
    assert [need["state"] for need in json.loads(done.out)] == ["done"]
    bed = here / "sounds" / "cama.wav"
    assert run_here("takes", "add", "agua", "ht", bed, capture=capsys).code == 0
    done = run_here("review", "list", "--lang", "ht", "--json", capture=capsys)
    assert json.loads(done.out)[0]["reasons"] == ["it was recorded anew"]


def test_a_recording_put_under_the_same_name_and_size_was_never_heard(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tone = here / "sounds" / "tono.wav"
    assert run_here("takes", "add", "agua", "ht", tone, capture=capsys).code == 0
    spoken = (*LANGUAGE[2:], "--lang", "ht")
    assert run_here("review", "sign", "agua", *spoken, capture=capsys).code == 0
    [take] = (here / "recordings" / "agua" / "ht").glob("*.flac")
    data = bytearray(take.read_bytes())
    data[-1] ^= 1
    take.write_bytes(data)
    done = run_here("review", "list", "--lang", "ht", "--json", capture=capsys)
    [need] = json.loads(done.out)
    assert (need["state"], need["reasons"]) == ("reopened", ["it was recorded anew"])


@pytest.mark.usefixtures("here")
def test_a_signature_older_than_what_it_answers_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sign = ("review", "sign", "agua", *LANGUAGE[2:], "--lang", "en")
    ahead = run_here(*sign, "--result", "changes-needed", day=date(2026, 11, 25), capture=capsys)
    assert ahead.code == 0
    done = run_here(*sign, capture=capsys)
    assert done.code != 0
    assert "the clock says 2026-11-22, and the last signature here is of 2026-11-25" in done.err
    assert "reviews/agua.yml:3" in done.err


def test_an_error_elsewhere_is_no_reason_not_to_sign_and_one_in_the_text_or_its_facts_is(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = here / "scripts" / "agua" / "es-419.md"
    script.write_text(script.read_text("utf-8") + "Son 7 d.\n", "utf-8")
    done = run_here("review", "sign", "ayuda", *EDITORIAL, capture=capsys)
    assert done.code == 0, done.said
    assert "words.raw-digits" not in done.said
    done = run_here("review", "sign", "agua", *EDITORIAL, capture=capsys)
    assert done.code == ExitCode.FINDINGS
    assert "words.raw-digits" in done.said
    assert not (here / "reviews" / "agua.yml").exists()
    edit(here / "facts" / "cr-911.yml", "status: active", "status: active\nstatsu: active")
    done = run_here("review", "sign", "ayuda", *EDITORIAL, capture=capsys)
    assert done.code == ExitCode.FINDINGS
    assert "facts/cr-911.yml" in done.said
    edit(here / "facts" / "cr-911.yml", "status: active\nstatsu: active", "status: actve")
    done = run_here("review", "sign", "ayuda", *EDITORIAL, capture=capsys)
    assert done.code != 0
    assert len((here / "reviews" / "ayuda.yml").read_text("utf-8").splitlines()) == 3
