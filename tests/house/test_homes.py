"""The house: who may import whom, and one home for each outside library."""

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("programme", "scripts", "audio", "feeds", "stations", "production")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = PROJECT["tool"]["importlinter"]["contracts"]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def modules(package: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / package).rglob("*.py")):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield dotted.removesuffix(".__init__"), path


def imported_names(path: Path) -> set[str]:
    """Give the top-level names that a file imports, at its head or within a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found.add(str(node.module).partition(".")[0])
    return found


def outside_imports() -> dict[str, set[str]]:
    """Give each outside library with the modules that import it."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for module, path in modules(package):
            for name in imported_names(path) - sys.stdlib_module_names - set(PACKAGES):
                found.setdefault(name, set()).add(module)
    return found


def test_every_contract_of_the_house_is_kept() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "line", "named"),
    [
        ("feeds/second_home.py", "import feedgen", "feedgen"),
        ("audio/second_home.py", "from mutagen.id3 import ID3", "mutagen"),
        ("audio/neighbour.py", "import feeds", "feeds"),
        ("programme/upstairs.py", "import numpy", "numpy"),
        ("production/loud.py", "def talk() -> None:\n    import click", "click"),
    ],
)
def test_a_forbidden_import_breaks_the_house_and_is_named(
    tmp_path: Path, file: str, line: str, named: str
) -> None:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / file).write_text(line + "\n", encoding="utf-8")
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    broken = file.removesuffix(".py").replace("/", ".")
    assert broken in done.stdout
    assert named in done.stdout


def test_no_outside_library_is_without_a_contract() -> None:
    fenced = {name for contract in CONTRACTS for name in contract.get("forbidden_modules", ())}
    strangers = {name: sorted(users) for name, users in outside_imports().items()}
    assert not {name: users for name, users in strangers.items() if name not in fenced}


def test_every_home_that_a_contract_names_imports_its_library() -> None:
    # A home that moved would leave its door open for whoever takes the old name.
    users = outside_imports()
    for contract in CONTRACTS:
        for exception in contract.get("ignore_imports", ()):
            home, _, library = exception.partition(" -> ")
            text = (ROOT / home.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8")
            found = home in users.get(library, set()) or f'find_spec("{library}")' in text
            assert found, f"{contract['name']}: {home} does not import {library}"


def test_programme_imports_the_standard_library_only() -> None:
    for module, path in modules("programme"):
        outside = imported_names(path) - sys.stdlib_module_names - {"programme"}
        assert not outside, f"{module} imports {sorted(outside)}"


def test_every_package_says_what_it_is() -> None:
    for package in PACKAGES:
        for module, path in modules(package):
            assert ast.get_docstring(ast.parse(path.read_bytes())), f"{module} has no docstring"
