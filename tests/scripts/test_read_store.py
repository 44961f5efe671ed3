"""The table [store]: a folder or a bucket, and no secrets."""

from pathlib import Path

import pytest

from programme.findings import Findings
from scripts.read_network import read_network
from scripts.tree import Tree
from tests.production.small import FILES


def read(folder: Path, lines: str) -> tuple[object, list[str]]:
    (folder / "altavoz.toml").write_text(FILES["altavoz.toml"] + lines, encoding="utf-8")
    network = read_network(Tree(root=folder, findings=(findings := Findings())), findings)
    return network and network.store, [one.rule for one in findings]


def test_without_the_table_nothing_is_shared(tmp_path: Path) -> None:
    assert read(tmp_path, "") == (None, [])


@pytest.mark.parametrize(
    ("lines", "kind", "options"),
    [
        ('path = "/srv/share"', "folder", {"path": "/srv/share"}),
        ('bucket = "my-radio"', "s3", {"bucket": "my-radio"}),
        (
            'bucket = "my-radio"\nprefix = "altavoz"\nendpoint = "https://s3.example.org"',
            "s3",
            {"bucket": "my-radio", "prefix": "altavoz", "endpoint": "https://s3.example.org"},
        ),
    ],
)
def test_a_store_is_a_folder_or_a_bucket(
    tmp_path: Path, lines: str, kind: str, options: dict[str, str]
) -> None:
    store, rules = read(tmp_path, f"\n[store]\n{lines}\n")
    assert not rules
    assert (store.kind, dict(store.options)) == (kind, options)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ("", "network.store"),
        ('path = "/srv"\nbucket = "my-radio"', "network.store"),
        ('path = "/srv"\nprefix = "x"', "network.store"),
        ('bucket = "My Radio"', "toml.not-form"),
        ('path = "/srv"\nstore_key = "0123"', "network.secret"),
        ('bucket = "my-radio"\nsecret_access_key = "x"', "network.secret"),
    ],
)
def test_what_is_wrong_with_a_store_is_found(tmp_path: Path, lines: str, rule: str) -> None:
    store, rules = read(tmp_path, f"\n[store]\n{lines}\n")
    assert rules == [rule]
    assert store is None
