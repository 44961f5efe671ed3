"""YAML as text: what was written is what is read, and nothing in a file can stop the reader."""

import os
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from programme.findings import Findings
from scripts.nodes import Items, Node, Refused, Table, Text
from scripts.text_files import LIMIT_BYTES
from scripts.yaml_text import FAST, dump_yaml, parse_yaml, read_table

PARSERS = [True, False] if FAST else [False]

Plain = str | list["Plain"] | dict[str, "Plain"]


def plain(node: Node | None) -> object:
    """Give a node without its lines."""
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    if isinstance(node, Table):
        return {key: plain(value) for key, value in node.entries.items()}
    return node


def read(text: str, *, fast: bool = FAST) -> tuple[object, list[tuple[int, str]]]:
    findings = Findings()
    node = parse_yaml(text, file="a.yml", findings=findings, fast=fast)
    return plain(node), [(finding.line, finding.rule) for finding in findings]


@pytest.mark.parametrize("fast", PARSERS)
@pytest.mark.parametrize(
    "written",
    # YAML 1.1 would give False, 10, 750, 251911234567, 0, None, a date, 1000.0, True, infinity
    [
        *("no", "012", "12:30", "+251911234567", "000", "~", "2026-11-22", "1e3", "on", ".inf"),
        *("0x1F", "null", "1_000", "9-1-1", "=", "<<"),
    ],
)
def test_values_stay_what_the_person_wrote(written: str, *, fast: bool) -> None:
    assert read(f"a: {written}\n", fast=fast) == ({"a": written}, [])


@pytest.mark.parametrize("fast", PARSERS)
def test_lines_are_those_of_an_editor(*, fast: bool) -> None:
    findings = Findings()
    text = "# note\na: 1\n\nb:\n  - x\n  - {c: y,\n     d: z}\n"
    table = parse_yaml(text, file="a.yml", findings=findings, fast=fast)
    assert isinstance(table, Table)
    assert table.key_lines == {"a": 2, "b": 4}
    items = table.entries["b"]
    assert isinstance(items, Items)
    assert [item.line for item in items.items] == [5, 6]
    inner = items.items[1]
    assert isinstance(inner, Table)
    assert inner.key_lines == {"c": 6, "d": 7}


REFUSED = {
    "alias": ("a: 1\nb: *x\n", 2, "yaml.alias"),
    "anchor": ("a: 1\nb: &x 2\n", 2, "yaml.anchor"),
    "tag": ("a: !!int 1\n", 1, "yaml.tag"),
    "python tag": ("a: !!python/object/apply:os.system [ls]\n", 1, "yaml.tag"),
    "bare tag": ("a: ! 1\n", 1, "yaml.tag"),
    "second document": ("a: 1\n---\nb: 2\n", 2, "yaml.documents"),
    "directive": ("%YAML 1.1\n---\na: 1\n", 1, "yaml.directive"),
    "key twice": ("a: 1\nb: 2\na: 3\n", 3, "yaml.duplicate-key"),
    "key that is a list": ("? [a]\n: b\n", 1, "yaml.key"),
    "depth": ("a: " + "[" * 30 + "]" * 30 + "\n", 1, "yaml.depth"),
    "tab": ("a:\n\tb: 1\n", 2, "yaml.syntax"),
    "two colons": ("a: 1\nb: c: d\n", 2, "yaml.syntax"),
    "nothing": ("", 0, "yaml.empty"),
    "a comment only": ("# later\n", 0, "yaml.empty"),
    "NUL": ("a: 1\nb: x\0y\n", 2, "text.control"),
    "bell": ("a: \7\n", 1, "text.control"),
    "escape": ("a: \x1b[31m\n", 1, "text.control"),
    "next line": ("a: \x85\n", 1, "text.control"),
    "line separator": ("a: b\u2028c\n", 1, "text.control"),
    "half of a pair": ("a: \ud800\n", 1, "text.control"),
    "noncharacter": ("a: \ufffe\n", 1, "text.control"),
    "right to left": ("a: 1\nb: \u202e123\n", 2, "text.hidden"),
    "zero width": ("a: 8\u200b00\n", 1, "text.hidden"),
    "soft hyphen": ("a: ra\u00addio\n", 1, "text.hidden"),
    "escaped bell": ('a: 1\nb: "\\a"\n', 2, "text.control"),
    "escaped NUL": ('a: "\\0"\n', 1, "text.control"),
    "escaped right to left": ('a: "\\u202e123"\n', 1, "text.hidden"),
}


@pytest.mark.parametrize("fast", PARSERS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_place_in_a_workspace_is_named_once_with_its_line(
    name: str, *, fast: bool
) -> None:
    text, line, rule = REFUSED[name]
    assert read(text, fast=fast)[1] == [(line, rule)]


def test_the_rest_of_a_file_is_still_read() -> None:
    value, findings = read("a: *x\nb: &y 2\nc: 3\nc: 4\n")
    assert findings == [(1, "yaml.alias"), (2, "yaml.anchor"), (4, "yaml.duplicate-key")]
    assert value == {"a": Refused(1), "b": Refused(2), "c": "3"}


BOMBS: dict[str, Callable[[], str]] = {
    "nested lists": lambda: "[" * 999_999,
    "nested tables": lambda: "{a: " * 240_000,
    "nested dashes": lambda: "- " * 499_999,
    "nested questions": lambda: "? " * 499_999,
    "aliases": lambda: "a: &a [x, x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(50_000)),
    "laughs": lambda: "a: &a [lol]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n",
    "many values": lambda: "[" + "a," * 499_000 + "]",
    "many keys": lambda: "".join(f"k{n}: v\n" for n in range(90_000)),
    "same key": lambda: "a: b\n" * 199_000,
    "one long text": lambda: "a: " + "x" * 999_000,
    "one long key": lambda: "x" * 999_000 + ": a",
    "open quote": lambda: "a: '" + "x\n" * 490_000,
    "tags": lambda: "!" * 999_000,
    "anchors": lambda: "- &a\n" * 190_000,
    "directives": lambda: "%a b\n" * 190_000,
    "line ends": lambda: "\n" * 999_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_soon_and_with_a_finding_or_its_text(name: str) -> None:
    text = BOMBS[name]()
    assert len(text) <= LIMIT_BYTES
    before = time.process_time()
    value, findings = read(text)
    # The bound is generous: the point is that it ends. Measured 0.01 to 0.4 s.
    assert time.process_time() - before < 20
    assert findings or value
    assert len(findings) <= 21


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    findings = Findings()
    assert read_table(path, file="huge.yml", findings=findings) is None
    assert [(f.line, f.rule) for f in findings] == [(0, "file.unreadable")]
    assert "longer than 1000 kB" in findings.items[0].problem


def test_a_pipe_does_not_stop_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "pipe.yml"
    os.mkfifo(path)
    findings = Findings()
    assert read_table(path, file="pipe.yml", findings=findings) is None
    assert [f.rule for f in findings] == ["file.unreadable"]


@pytest.mark.parametrize("kind", ["folder", "missing", "dead link", "device"])
def test_what_is_no_file_is_a_finding(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.yml"
    if kind == "folder":
        path.mkdir()
    elif kind == "dead link":
        path.symlink_to(tmp_path / "gone")
    elif kind == "device":
        path.symlink_to("/dev/zero")
    findings = Findings()
    assert read_table(path, file="a.yml", findings=findings) is None
    assert [f.rule for f in findings] == ["file.unreadable"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a: 1\nb: caf\xe9\n", 2),
        (b"\xef\xbb\xbfa: 1\nb: \xff\n", 2),
        (b"a: \xed\xa0\x80\n", 1),
        (b"a: \xc0\x80\n", 1),
        ("a: á\n".encode("utf-16"), 0),
        ("a: á\n".encode("utf-16-be"), 1),
    ],
)
def test_bytes_that_are_not_utf_8_are_a_finding(tmp_path: Path, data: bytes, line: int) -> None:
    (tmp_path / "a.yml").write_bytes(data)
    findings = Findings()
    assert read_table(tmp_path / "a.yml", file="a.yml", findings=findings) is None
    assert findings.items[0].line == line
    assert findings.items[0].rule in {"text.encoding", "text.control"}


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\rc: |\r\n  x\r\n  y\r\n")
    findings = Findings()
    table = read_table(tmp_path / "a.yml", file="a.yml", findings=findings)
    assert plain(table) == {"a": "1", "b": "2", "c": "x\ny\n"}
    assert table is not None
    assert table.key_lines == {"a": 1, "b": 2, "c": 3}
    assert not len(findings)


def test_a_file_that_is_a_list_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("- a\n", encoding="utf-8")
    findings = Findings()
    assert read_table(tmp_path / "a.yml", file="a.yml", findings=findings) is None
    assert [(f.line, f.rule) for f in findings] == [(1, "yaml.not-table")]


PIECES = st.sampled_from(
    [
        *("a", "b: ", ": ", "- ", "? ", "&a ", "*a ", "!x ", "[", "]", "{", "}", ",", '"', "'"),
        *("|", ">", "\n", "\n  ", "\t", "#", "%", "@", "`", "---\n", "...\n", "\0", "\x85"),
        *("\u2028", "\ufeff", "\ud800", "\u202e", "é", "ع", "\\", "\\x", "<<", "~", "\r"),
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
@example("a: \ud800")
@example("\ufeff")
@example("a: b\ufeff: c")
@example("? ")
@example("- \n--- ")
def test_no_text_raises_and_both_parsers_agree(text: str) -> None:
    results = [read(text, fast=fast) for fast in PARSERS]
    for value, findings in results:
        assert value is not None or findings
    for (value, findings), (other, other_findings) in pairwise(results):
        if not findings and not other_findings:
            assert value == other


VALUES: st.SearchStrategy[Plain] = st.recursive(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")),
        min_size=1,
    ).filter(str.strip),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4),
        st.dictionaries(st.text("abc:#-? é", min_size=1, max_size=8), inner, min_size=1),
    ),
    max_leaves=12,
)


@given(VALUES)
@example("no")
@example({"a": ["012", "12:30", "+251911234567", "000", "~", " x ", "- a: b #c"]})
@example({": ": {"#": ["'", '"', "\\", "&a", "*a", "!x", "%", "@", "|", ">"]}})
def test_what_is_written_is_read_back(value: Plain) -> None:
    text = dump_yaml(value)
    for fast in PARSERS:
        assert read(text, fast=fast) == (value, [])


@given(
    st.dictionaries(st.text("abc", min_size=1), st.text("0123456789+-:.eExX_ noyNOY", min_size=1))
)
@example({"a": "0116123"})
def test_numbers_and_words_survive_unquoted(values: dict[str, str]) -> None:
    tidy = {key: " ".join(value.split()) for key, value in values.items()}
    plain_enough = {k: v for k, v in tidy.items() if v and v[0].isalnum() and ": " not in v + " "}
    text = "".join(f"{key}: {value}\n" for key, value in plain_enough.items())
    if plain_enough:
        assert read(text) == (plain_enough, [])


def test_keys_are_written_bare_and_texts_and_doubtful_keys_quoted() -> None:
    text = dump_yaml({"written": "no", "no": {"y": "1", "es-419": ["12:30"]}})
    assert text == ('written: "no"\n\'no\':\n  "y": "1"\n  "es-419":\n  - "12:30"\n')
