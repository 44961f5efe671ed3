"""The signing keys of altavoz.toml: read in order, each fault at its line, never a secret."""

from base64 import b64encode
from pathlib import Path

import pytest

from tests.scripts.sample_workspace import NETWORK, check, places, told_badly

ONE, TWO = (
    b64encode(b"Ed" + bytes([number]) * 40).decode() for number in (7, 8)
)  # not points of any use: only their form is read here
SECRET = b64encode(b"Ed\x00\x00B2" + bytes(152)).decode()
LINE = NETWORK.count("\n") + 2


def read(tmp_path: Path, table: str) -> tuple[tuple[str, ...] | None, list[tuple[str, str]]]:
    workspace, findings = check(tmp_path, {"altavoz.toml": f"{NETWORK}\n{table}\n"})
    assert not told_badly(findings)
    assert SECRET not in "".join(finding.problem for finding in findings)
    return workspace.network.signing_keys if workspace else None, places(findings)


def test_keys_are_read_with_the_current_one_first(tmp_path: Path) -> None:
    assert read(tmp_path, f'[signing]\nkeys = [\n "{TWO}",\n "{ONE}"]') == ((TWO, ONE), [])


def test_without_the_table_nothing_is_signed(tmp_path: Path) -> None:
    assert read(tmp_path, "") == ((), [])


@pytest.mark.parametrize(
    ("table", "rule", "line"),
    [
        ("[signing]", "toml.missing-key", 0),
        ("[signing]\nkeys = []", "toml.missing-key", 1),
        (f'[signing]\nkeys = ["{ONE[:-1]}"]', "network.signing", 1),
        (f'[signing]\nkeys = ["{ONE}x"]', "network.signing", 1),
        ('[signing]\nkeys = ["hello"]', "network.signing", 1),
        (f'[signing]\nkeys = ["{ONE}", "{ONE}"]', "network.signing", 1),
        (f'[signing]\nkeys = ["{SECRET}"]', "network.secret", 1),
        (f'[signing]\nkeys = ["{ONE}"]\nsecret = "x"', "network.secret", 2),
        (f'[signing]\nkeys = ["{ONE}"]\npassword = "x"', "network.secret", 2),
        (f'[signing]\nkeys = ["{ONE}"]\nkye = "x"', "toml.unknown-key", 2),
    ],
)
def test_a_fault_is_found_at_its_line(tmp_path: Path, table: str, rule: str, line: int) -> None:
    _, found = read(tmp_path, table)
    assert found == [(f"altavoz.toml:{LINE + line}", rule)]


def test_more_keys_than_anybody_needs_are_a_fault(tmp_path: Path) -> None:
    keys = ", ".join(f'"{b64encode(b"Ed" + bytes([n]) * 40).decode()}"' for n in range(9))
    assert read(tmp_path, f"[signing]\nkeys = [{keys}]")[1] == [
        (f"altavoz.toml:{LINE + 1}", "network.signing")
    ]
