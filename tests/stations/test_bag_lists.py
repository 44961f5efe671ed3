"""Lists of digests: read as ``sha256sum -c`` reads them, and refused where it would stumble."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.digests import digest_bytes
from stations.bag import parse_checksums, render_checksums
from stations.pack_plan import PackFile
from tests.strict import ToolFinder

NAMES = st.from_regex(r"[0-9A-Za-z_]{1,8}(/[0-9A-Za-z_ .-]{1,8}){0,2}", fullmatch=True)


def file_of(path: str) -> PackFile:
    data = path.encode()
    return PackFile(path=path, length_bytes=len(data), digest=digest_bytes(data))


@given(st.lists(NAMES, min_size=1, max_size=5, unique=True))
def test_a_list_is_read_as_it_was_written(names: Sequence[str]) -> None:
    files = [file_of(name) for name in names]
    found = parse_checksums(render_checksums(files))
    assert list(found.items()) == [(one.path, one.digest) for one in files]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "abc  a.txt\n",
        f"{'0' * 64} a.txt\n",
        f"{'0' * 64}  a.txt\n\n{'0' * 64}  b.txt\n",
        f"{'0' * 64}  a.txt\n{'1' * 64}  a.txt\n",
        f"{'G' * 64}  a.txt\n",
    ],
)
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no line of a list of digests"):
        parse_checksums(text.encode())


@pytest.mark.tools
def test_a_list_of_sha256sum_itself_is_read(tmp_path: Path, tool: ToolFinder) -> None:
    names = ["a.txt", "b c.txt"]
    for name in names:
        (tmp_path / name).write_bytes(name.encode())
    for way in ("--text", "--binary"):
        done = subprocess.run(
            [tool("sha256sum"), way, *names], cwd=tmp_path, check=True, capture_output=True
        )
        assert parse_checksums(done.stdout) == {one: file_of(one).digest for one in names}
