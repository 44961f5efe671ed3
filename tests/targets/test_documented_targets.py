"""docs/targets.md: every table is read and opened, and the recipe for rclone keeps the order."""

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from production.targets import open_target
from programme.findings import Findings
from scripts.read_network import NETWORK_FILE, read_network
from scripts.tree import Tree
from tests.production.small import FILES

PAGE = Path(__file__).parents[2] / "docs/targets.md"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
TABLES = [text for kind, text in BLOCKS if kind == "toml"]
RECIPES = [text for kind, text in BLOCKS if kind == "sh"]


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.split("]")[0].lstrip("["))
def test_every_table_of_the_page_is_read_without_findings_and_opened(
    table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = re.search('endpoint = "(.*)"', table)
    if endpoint is not None:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint[1])
    if "profile" in table:
        (tmp_path / "aws").write_text(
            "[profile radio]\naws_access_key_id=a\naws_secret_access_key=b\n"
        )
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws"))
    before, _, _ = FILES["altavoz.toml"].partition("[targets.")
    (tmp_path / NETWORK_FILE).write_text(before + table, encoding="utf-8")
    findings = Findings()
    network = read_network(Tree(root=tmp_path, findings=findings), findings)
    assert list(findings) == []
    assert network is not None
    (settings,) = network.targets.values()
    target = open_target(settings, tmp_path)
    assert target.name == settings.name
    assert target.describe()
    target.close()


def tree(base: Path) -> dict[str, bytes]:
    return {str(p.relative_to(base)): p.read_bytes() for p in base.rglob("*") if p.is_file()}


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("recipe", RECIPES)
def test_rclone_copies_all_of_a_site_in_the_order_that_its_feeds_need(
    recipe: str, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    rclone = tool("rclone")
    public, remote = tmp_path / "public", tmp_path / "remote"
    for name in (
        "m/a-0123456789ab.mp3", "corta/es.xml", "corta/es.json", "corta/es/a.html", "index.html",
        "feeds.opml", "site.json", "publish.json", "ledger/0123.jsonl", ".x.1.tmp",
    ):  # fmt: skip
        (public / name).parent.mkdir(parents=True, exist_ok=True)
        (public / name).write_text(name)
    (remote / "radio/m").mkdir(parents=True)
    (remote / "radio/m/withdrawn.mp3").write_text("gone")
    (tmp_path / "rclone.conf").write_text(f"[REMOTE]\ntype = alias\nremote = {remote}\n")
    steps: list[set[str]] = []
    for line in recipe.strip().splitlines():
        words = shlex.split(line)
        if words[0] == "rclone":
            command = [rclone, "--config", str(tmp_path / "rclone.conf"), *words[1:]]
            subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
            steps.append(set(tree(remote / "radio")))
    assert tree(remote / "radio") == {
        name: data for name, data in tree(public).items() if not name.startswith(".")
    }
    is_retraction = len(steps) == 2
    assert ("corta/es.xml" in steps[0]) == is_retraction
    assert all("m/withdrawn.mp3" in step for step in steps[:-1])
    if not is_retraction:
        assert "m/a-0123456789ab.mp3" in steps[0]
        assert "corta/es/a.html" in steps[1]
        assert "corta/es.xml" not in steps[1]
