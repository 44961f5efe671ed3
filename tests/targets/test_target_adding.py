"""A target written into altavoz.toml: every other byte stays, nothing secret gets there."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from production.targets.target_adding import (
    Wanted,
    find_region,
    plan_target,
    render_target,
    with_table,
    write_target,
)
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from tests.production.small import FILES, write_small

BEFORE = FILES["altavoz.toml"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small")


def add(root: Path, name: str, **options: str) -> dict[str, object]:
    kind = options.pop("kind", "")
    new = plan_target(root, Wanted(name=name, kind=kind, options=options))
    write_target(root, new)
    table = tomllib.loads((root / "altavoz.toml").read_text("utf-8"))["targets"][name]
    assert isinstance(table, dict)
    return table


@pytest.mark.parametrize(
    ("options", "table"),
    [
        ({"path": "/srv/www"}, {"kind": "folder", "path": "/srv/www"}),
        ({}, {"kind": "folder", "path": "cloud"}),
        ({"path": 'C:\\radio "uno"'}, {"kind": "folder", "path": 'C:\\radio "uno"'}),
        ({"bucket": "my-radio"}, {"kind": "s3", "bucket": "my-radio"}),
        (
            {"bucket": "s3://my-radio/camino/"},
            {"kind": "s3", "bucket": "my-radio", "prefix": "camino"},
        ),
        (
            {"bucket": "r-1", "endpoint": "https://fsn1.your-objectstorage.com"},
            {
                "kind": "s3",
                "bucket": "r-1",
                "endpoint": "https://fsn1.your-objectstorage.com",
                "region": "fsn1",
            },
        ),
        (
            {"host": "web.example.org", "user": "radio", "path": "/srv/www"},
            {"kind": "sftp", "host": "web.example.org", "user": "radio", "path": "/srv/www"},
        ),
    ],
)
def test_what_was_said_stands_there_and_what_can_be_found_out_was_not_asked(
    root: Path, options: dict[str, str], table: dict[str, str]
) -> None:
    before = (root / "altavoz.toml").read_bytes()
    assert add(root, "cloud", **options) == table
    assert (root / "altavoz.toml").read_bytes().startswith(before)


@pytest.mark.parametrize(
    ("endpoint", "region"),
    [
        ("https://s3.eu-central-1.amazonaws.com", "eu-central-1"),
        ("https://s3.us-west-004.backblazeb2.com", "us-west-004"),
        ("https://0123.r2.cloudflarestorage.com", "auto"),
        ("https://s3.fr-par.scw.cloud", "fr-par"),
        ("https://minio.example.org:9000", ""),
        ("https://s3.eu-central-1.amazonaws.com.example.org", ""),
        ("", ""),
    ],
)
def test_a_region_is_told_by_the_address_of_the_store(endpoint: str, region: str) -> None:
    assert find_region(endpoint) == region


@pytest.mark.parametrize(
    ("text", "end"),
    [("", ""), ("a = 1", "\n\n"), ("a = 1\n", "\n"), ("a = 1\r\nb = 2\r\n", "\r\n"), ("\n", "")],
)
def test_the_table_takes_the_line_ends_of_the_file(text: str, end: str) -> None:
    settings = TargetSettings(name="cloud", kind="folder", options={"path": "x"})
    lines = render_target(settings)
    new = with_table(text, lines)
    break_ = "\r\n" if "\r\n" in text else "\n"
    assert new == text + end + lines.replace("\n", break_)


def test_a_file_with_windows_line_ends_and_comments_keeps_every_byte(root: Path) -> None:
    path = root / "altavoz.toml"
    path.write_bytes(BEFORE.replace("\n", "\r\n").encode() + b"# the end, without a line's end")
    before = path.read_bytes()
    add(root, "cloud", path="x")
    after = path.read_bytes()
    assert after.startswith(before + b"\r\n\r\n#")
    assert after.count(b"\n") == after.count(b"\r\n")


WRONG = [
    ("Cloud", {}, "cannot be the name"),
    ("../x", {}, "cannot be the name"),
    ("public", {"path": "x"}, "already"),
    ("cloud", {"path": "scripts"}, "mix with what people write"),
    ("cloud", {"bucket": "UPPER"}, "no bucket's name"),
    ("cloud", {"bucket": "b-1", "regoin": "x"}, "regoin"),
    ("cloud", {"bucket": "b-1", "endpoint": "http://store.example.org"}, "unprotected"),
    ("cloud", {"bucket": "b-1", "profile": "AKIA" + "IOSFODNN7EXAMPLE"}, "secret"),
    (
        "cloud",
        {"bucket": "b-1", "prefix": "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"},
        "secret",
    ),
    ("cloud", {"bucket": "b-1", "endpoint": "https://a:b@store.example.org"}, "secret"),
    ("cloud", {"bucket": "b-1", "secret_access_key": "x"}, "no key or password"),
    ("cloud", {"path": "a\u202eb"}, "cannot be seen"),
    ("cloud", {"path": "a\nb"}, "cannot be seen"),
    ("cloud", {"kind": "s3"}, "bucket"),
]


@pytest.mark.parametrize(("name", "options", "said"), WRONG)
def test_what_is_wrong_is_told_and_nothing_is_written(
    root: Path, name: str, options: dict[str, str], said: str
) -> None:
    before = (root / "altavoz.toml").read_bytes()
    with pytest.raises(ProductionError) as caught:
        add(root, name, **options)
    assert said in f"{caught.value.problem} {caught.value.where}"
    assert caught.value.remedy
    assert "wJalr" not in str(caught.value)
    assert (root / "altavoz.toml").read_bytes() == before


def test_a_table_that_no_program_can_add_to_is_left_and_the_lines_are_told(root: Path) -> None:
    head, _, _ = BEFORE.partition("[targets.public]")
    inline = 'targets = { public = { kind = "folder", path = "public" } }\n'
    (root / "altavoz.toml").write_text(inline + head)
    with pytest.raises(ProductionError, match="cannot be changed by a program") as caught:
        add(root, "cloud", path="x")
    assert "[targets.cloud]" in caught.value.remedy
    (root / "altavoz.toml").write_text("[network\n")
    with pytest.raises(ProductionError) as caught:
        add(root, "cloud", path="x")
    assert caught.value.code is ExitCode.FINDINGS


def test_what_somebody_else_wrote_meanwhile_stays(root: Path) -> None:
    new = plan_target(root, Wanted(name="cloud", options={"path": "x"}))
    path = root / "altavoz.toml"
    path.write_text(path.read_text() + "# mine\n")
    with pytest.raises(ProductionError, match="same moment") as caught:
        write_target(root, new)
    assert caught.value.code is ExitCode.BUSY
    assert path.read_text().endswith("# mine\n")


@given(st.text(max_size=30))
@example('a"b\\c')
@example("\x7f")
@example("'''")
@example("\ud800")
def test_every_path_that_is_taken_is_read_back_as_it_was_given(value: str) -> None:
    settings = TargetSettings(name="cloud", kind="folder", options={"path": value})
    if not value.isprintable():
        return  # is refused before
    read = tomllib.loads(render_target(settings))
    assert read["targets"]["cloud"]["path"] == value
