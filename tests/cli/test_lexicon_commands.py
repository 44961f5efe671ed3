"""The commands lexicon, languages, say and voices, as a person uses them."""

import json
from pathlib import Path

import pytest

from programme.errors import ExitCode
from tests.production.running import Done, run_here
from tests.production.small import write_small


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small")


@pytest.fixture
def run(small: Path, capsys: pytest.CaptureFixture[str]) -> "Run":
    return Run(small, capsys)


class Run:
    """Runs a command in the small workspace."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capture = capture

    def __call__(self, *arguments: str | Path) -> Done:
        command = [str(argument) for argument in arguments]
        cut = 2 if command[0] == "lexicon" else 1
        where = [] if command[0] == "voices" else ["-w", str(self.folder)]
        return run_here(*command[:cut], *where, *command[cut:], capture=self.capture)


def test_a_word_is_added_heard_and_listed(run: Run) -> None:
    assert "No entries" in run("lexicon", "list").out
    done = run("lexicon", "add", "Danlí", "--say", "dan li", "--lang", "es", "--voice", "espeak")
    assert (done.code, done.err) == (0, "")
    assert "Noted in lexicon/es.yml: Danlí = dan li" in done.out
    assert "es: Spanish (español)" in done.out
    shown = run("say", "Vaya a Danlí.", "--show")
    assert shown.out.splitlines() == [
        "language: es-419: Latin American Spanish (español latinoamericano)",
        "text:     Vaya a Danlí.",
        "spoken:   Vaya a Danlí.",
        "espeak/es-419: Vaya a dan li.",
    ]
    rows = json.loads(run("lexicon", "list", "--lang", "es-419", "--json").out)
    assert [(row["written"], row["said"], row["voices"]) for row in rows] == [
        ("Danlí", "dan li", "espeak")
    ]
    assert run("check").code == 0


def test_a_word_for_everybody_is_what_is_spoken(run: Run, tmp_path: Path) -> None:
    assert run("lexicon", "add", "XYZ", "--say", "equis", "--lang", "es-419").code == 0
    out = tmp_path / "line.wav"
    done = run("say", "La XYZ ayuda.", "--json", "-o", out, "--voice", "espeak/es")
    said = json.loads(done.out)
    assert said["text"] == "La XYZ ayuda."
    assert said["spoken"] == said["given"] == "La equis ayuda."
    assert said["voice"] == "espeak/es"
    assert said["length_ms"] > 500
    assert out.stat().st_size > 10_000


def test_an_unknown_acronym_is_a_finding_that_says_what_to_type(run: Run) -> None:
    done = run("say", "La XYZ ayuda.", "--show")
    assert "[words.acronym]" in done.err
    assert "altavoz lexicon add XYZ --say ... --lang es-419" in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["OIM", "--say", "9", "--lang", "es"], ExitCode.USAGE, "what a voice cannot say: 9"),
        (["OIM", "--say", "oim", "--lang", "fr"], ExitCode.USAGE, "fr (French) is not a language"),
        (["OIM", "--say", "oim", "--lang", "mxe"], ExitCode.USAGE, "mxe (Mele-Fila)"),
        (["OIM", "--say", "oim", "--lang", "x y"], ExitCode.USAGE, "not a language"),
        (["OIM", "--say", "o", "--lang", "es", "--voice", "sam"], ExitCode.USAGE, "sam"),
        (["a", "--say", "o", "--lang", "es", "--voice", "espeak/zz"], ExitCode.VOICE, "zz"),
        (["a", "--say", "o", "--lang", "ht", "--voice", "gtts"], ExitCode.VOICE, "Haitian"),
        (["a", "--say", "o", "--lang", "es", "--kind", "thing"], ExitCode.USAGE, "thing"),
    ],
)
def test_what_cannot_be_said_is_not_added(
    run: Run, arguments: list[str], code: ExitCode, says: str
) -> None:
    done = run("lexicon", "add", *arguments)
    assert done.code == code
    assert says in done.err
    assert not (run.folder / "lexicon").exists()


def test_a_word_that_is_there_is_changed_only_when_asked_and_a_rehearsal_writes_nothing(
    run: Run,
) -> None:
    add = ("lexicon", "add", "Danlí", "--lang", "es")
    assert "Would be noted" in run(*add, "--say", "dan li", "--dry-run").out
    assert not (run.folder / "lexicon").exists()
    run(*add, "--say", "dan li")
    assert "Already in" in run(*add, "--say", "dan li").out
    refused = run(*add, "--say", "dan ly")
    assert (refused.code, refused.out) == (ExitCode.USAGE, "")
    assert "--replace" in refused.err
    assert run(*add, "--say", "dan ly", "--replace").code == 0
    assert "dan ly" in (run.folder / "lexicon/es.yml").read_text(encoding="utf-8")


def test_a_number_is_not_respelled_and_a_place_named_for_a_day_is(run: Run) -> None:
    add = ("lexicon", "add", "Cinco de Mayo", "--say", "sinco de mayo", "--lang", "es")
    refused = run(*add)
    assert refused.code == ExitCode.USAGE
    assert "telephone numbers and dates" in refused.err
    assert run(*add, "--exact").code == 0
    shown = run("say", "El {{date:2026-05-05}} en Cinco de Mayo.", "--show").out
    assert "spoken:   El cinco de mayo de dos mil veintiséis en sinco de mayo." in shown


def test_pls_goes_out_and_comes_back(run: Run, tmp_path: Path) -> None:
    assert run("lexicon", "export", "--lang", "es").code == ExitCode.INPUT
    run("lexicon", "add", "Danlí", "--say", "dan li", "--lang", "es", "--note", "Honduras")
    pls = tmp_path / "es.pls"
    done = run("lexicon", "export", "--lang", "es", "-o", pls)
    assert "1 pronunciation in" in done.out
    assert run("lexicon", "export", "--lang", "es").out.encode() == pls.read_bytes()
    before = (run.folder / "lexicon/es.yml").read_bytes()
    assert "0 added, 0 replaced, 0 kept" in run("lexicon", "import", pls).out
    assert (run.folder / "lexicon/es.yml").read_bytes() == before
    (run.folder / "lexicon/es.yml").unlink()
    assert "1 added" in run("lexicon", "import", pls, "--dry-run").out
    assert not (run.folder / "lexicon/es.yml").exists()
    assert "1 added" in run("lexicon", "import", pls).out
    assert (run.folder / "lexicon/es.yml").read_bytes() == before
    assert run("lexicon", "export", "--lang", "es-419", "--built-in").out.count("<lexeme") > 50


def test_a_faulty_pls_file_writes_nothing_unless_the_sound_part_is_asked_for(
    run: Run, tmp_path: Path
) -> None:
    pls = tmp_path / "es.pls"
    pls.write_text(
        '<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"\n'
        ' alphabet="ipa" xml:lang="es">\n'
        "<lexeme><grapheme>Danlí</grapheme><alias>dan li</alias></lexeme>\n"
        "<lexeme><grapheme>W3C</grapheme><alias>be</alias></lexeme>\n"
        "<lexeme><grapheme>a</grapheme></lexeme>\n</lexicon>",
        encoding="utf-8",
    )
    done = run("lexicon", "import", pls)
    assert done.code == ExitCode.FINDINGS
    assert "es.pls:4: error:" in done.err
    assert "es.pls:5: error:" in done.err
    assert not (run.folder / "lexicon").exists()
    assert "1 added" in run("lexicon", "import", pls, "--skip-faulty").out
    pls.write_bytes(b"<!DOCTYPE a [<!ENTITY x 'y'>]><a/>")
    refused = run("lexicon", "import", pls)
    assert (refused.code, refused.out) == (ExitCode.INPUT, "")
    assert "es.pls:1" in refused.err


def test_languages_are_named_with_what_to_look_at(run: Run) -> None:
    own = run("languages").out
    assert "Haitian Creole" in own
    assert "kreyòl ayisyen" in own
    rows = json.loads(run("languages", "mxe", "xpu", "zzz", "quc", "--json").out)
    assert [row["name"] for row in rows] == [
        "Mele-Fila",
        "Punic",
        "no language of ISO 639",
        "K'iche'",
    ]
    assert "not Mixe" in rows[0]["look at"]
    assert rows[3]["voice"] == "never"
    assert run("languages", "a b").code == ExitCode.USAGE
    assert run("voices", "--lang", "ht").out.startswith("ht: Haitian Creole (kreyòl ayisyen)")


def test_words_are_shown_for_a_language_that_no_voice_speaks(run: Run) -> None:
    done = run("say", "Bonjou, men OIM.", "--lang", "ht", "--show")
    assert done.code == 0
    assert "spoken:   Bonjou, men o i èm." in done.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("Hola 45.", "--lang", "es-419", "--show"), "(line): error: figures typed"),
        (("Hola.", "--lang", "xx"), "no language has the tag xx"),
        (("Hola.", "--lang", "es-419", "--pace", "zoom"), "there is no pace zoom"),
    ],
)
def test_what_cannot_be_said_is_told_of_the_one_line_that_was_typed(
    run: Run, arguments: tuple[str, ...], says: str
) -> None:
    done = run("say", *arguments)
    assert done.code != ExitCode.OK
    assert says in done.err


def test_a_rule_that_is_not_explained_in_a_language_is_explained_in_english_and_says_so(
    run: Run,
) -> None:
    done = run("explain", "--lang", "ar", "plain.numbers")
    assert done.code == ExitCode.OK
    assert "not explained in ar" in done.err
    assert "Two numbers in a sentence" in done.out
