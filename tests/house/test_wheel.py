"""The wheel: every package with its data, and one owner for each name that it puts on the path."""

import json
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
ROOTS = ("programme", "scripts", "audio", "feeds", "stations", "production", "commands")
MODULES = {"cli"}
TOP_LEVEL = {*ROOTS, *MODULES}
EXAMPLE = ROOT / "examples" / "camino"
MADE_BY_A_BUILD = {"__pycache__", ".altavoz", "public", "build", "releases.jsonl", ".DS_Store"}

LIST_OWNERS = """
import json
from importlib.metadata import packages_distributions
print(json.dumps(packages_distributions()))
"""


def files_of(folder: Path) -> list[str]:
    """Give the files under a folder as somebody wrote them, without what a build leaves."""
    found = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path.as_posix() for path in found if not MADE_BY_A_BUILD & set(path.parts)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, so that nothing that an earlier build left can get in."""
    source = tmp_path_factory.mktemp("source")
    leave = shutil.ignore_patterns(*MADE_BY_A_BUILD)
    for name in (*ROOTS, "examples"):
        shutil.copytree(ROOT / name, source / name, ignore=leave)
    for name in ("pyproject.toml", "README.md", "LICENSE", *(f"{module}.py" for module in MODULES)):
        shutil.copy(ROOT / name, source)
    dist = tmp_path_factory.mktemp("dist")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run(
        [*pip, "--wheel-dir", dist, source], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = dist.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_package_on_disk_is_listed_by_hand() -> None:
    on_disk = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for name in ROOTS
        for path in (ROOT / name).rglob("__init__.py")
    }
    assert on_disk == set(SETUPTOOLS["packages"]) - set(SETUPTOOLS["package-dir"])
    assert set(SETUPTOOLS["py-modules"]) == MODULES


def test_every_folder_with_modules_is_a_package() -> None:
    for name in ROOTS:
        for path in (ROOT / name).rglob("*.py"):
            relative = path.relative_to(ROOT)
            if "skeleton" not in relative.parts:
                assert (path.parent / "__init__.py").is_file(), f"{relative} is in no package"


@pytest.mark.parametrize("package", ROOTS)
def test_the_wheel_holds_every_module_and_data_file(package: str, members: set[str]) -> None:
    wanted = {f"{package}/{name}" for name in files_of(ROOT / package)}
    assert wanted
    assert wanted <= members, sorted(wanted - members)


def test_the_wheel_holds_the_example_workspace(members: set[str]) -> None:
    wanted = {f"production/example/{name}" for name in files_of(EXAMPLE)}
    assert wanted
    assert wanted <= members, sorted(wanted - members)


def test_the_wheel_holds_no_tests_and_nothing_that_a_build_made(members: set[str]) -> None:
    tops = {name.partition("/")[0] for name in members}
    assert {top.removesuffix(".py") for top in tops if ".dist-info" not in top} == TOP_LEVEL
    assert not {name for name in members if MADE_BY_A_BUILD & set(name.split("/"))}


def test_each_top_level_name_has_exactly_one_owner(wheel: Path, tmp_path: Path) -> None:
    # Two distributions that ship audio/ install without a word, and the last one wins.
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet"]
    subprocess.run([*pip, "--target", site, wheel], capture_output=True, check=True)
    done = subprocess.run(
        [sys.executable, "-P", "-c", LIST_OWNERS],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    owners: dict[str, list[str]] = json.loads(done.stdout)
    for name in TOP_LEVEL:
        assert set(owners[name]) == {"altavoz"}, f"{name}/ is also in {owners[name]}"


def test_the_wheel_says_which_command_it_brings(wheel: Path, members: set[str]) -> None:
    (entry_points,) = (name for name in members if name.endswith("/entry_points.txt"))
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(entry_points).decode("utf-8")
    assert text.split() == ["[console_scripts]", "altavoz", "=", "cli:main"]
