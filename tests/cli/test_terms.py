"""The commands of terminology, as an operator types them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import altavoz
from programme.errors import ProductionError
from scripts.read_terms import built_in_terms


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(altavoz, ["terms", *map(str, args)])


def test_terms_are_listed_with_what_to_say() -> None:
    told = run("list", "--lang", "es", "--concept", "irregular-status")
    assert told.exit_code == 0
    assert "migrante ilegal" in told.output
    assert "persona migrante en situación irregular" in told.output
    assert "pessoa" not in told.output


def test_a_list_for_a_program_holds_every_concept() -> None:
    found = json.loads(run("list", "--json").output)
    assert {one["id"] for one in found} == set(built_in_terms().concepts)


@pytest.mark.parametrize("args", [["--concept", "trafiking"], ["--lang", "zzz"]])
def test_a_word_that_nobody_knows_is_told(args: list[str]) -> None:
    error = run("list", *args).exception
    assert isinstance(error, ProductionError)
    assert error.remedy


@pytest.mark.parametrize("form", ["tbx", "csv"])
def test_terms_go_out_and_come_back(tmp_path: Path, form: str) -> None:
    file = tmp_path / f"all.{form}"
    assert run("export", "-w", tmp_path, "--format", form, "-o", file).exit_code == 0
    same = run("import", "-w", tmp_path, file)
    assert same.exit_code == 0
    assert "says nothing that does not hold here already" in same.output
    assert not (tmp_path / "terms").exists()
    file.write_text(file.read_text("utf-8").replace("Luxembourg Guidelines, 2016", "L."), "utf-8")
    dry = run("import", "-w", tmp_path, "--dry-run", file)
    assert dry.exit_code == 0
    assert not (tmp_path / "terms").exists()
    told = run("import", "-w", tmp_path, file)
    assert told.exit_code == 0, told.output
    assert (tmp_path / "terms/all.yml").is_file()
    built_in = {one["id"]: one for one in json.loads(run("list", "--json").output)}
    here = {one["id"]: one for one in json.loads(run("list", "-w", tmp_path, "--json").output)}
    assert [name for name in here if here[name] != built_in[name]] == [
        "child-exploitation",
        "victims",
    ]


def test_vale_gets_a_folder_and_never_one_that_holds_something(tmp_path: Path) -> None:
    folder = tmp_path / "vale"
    args = ("export", "-w", tmp_path, "--format", "vale", "--lang", "en", "-o", folder)
    assert run(*args, "--dry-run").exit_code == 0
    assert not folder.exists()
    assert run(*args).exit_code == 0
    assert (folder / ".vale.ini").is_file()
    assert (folder / "styles/altavoz-en/children.yml").is_file()
    assert isinstance(run(*args).exception, ProductionError)


def test_vale_rules_come_in_for_the_language_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "Ours").mkdir()
    rule = 'extends: existence\nmessage: "Say help."\nlevel: error\ntokens: [alms?]\n'
    (tmp_path / "Ours/Alms.yml").write_text(rule, "utf-8")
    assert isinstance(run("import", "-w", tmp_path, tmp_path / "Ours").exception, ProductionError)
    told = run("import", "-w", tmp_path, "--lang", "en", tmp_path / "Ours")
    assert told.exit_code == 0, told.output
    assert "alms" in told.output
    assert "Say help." in run("list", "-w", tmp_path, "--concept", "alms").output


def test_nothing_is_written_while_anything_is_wrong(tmp_path: Path) -> None:
    sheet = tmp_path / "bad.csv"
    sheet.write_text("concept,language,patterns,say,severity\na,es,(x,y,error\n", "utf-8")
    told = run("import", "-w", tmp_path, sheet)
    assert told.exit_code == 3
    assert "brackets do not match" in told.output
    assert not (tmp_path / "terms").exists()
