"""The locks: every file has its hash, and they say what pyproject.toml says."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BUILD = [Requirement(text) for text in PROJECT["build-system"]["requires"]]
RUNTIME = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
TEST = [Requirement(text) for text in PROJECT["project"]["optional-dependencies"]["test"]]
LOCKS = {"build": BUILD, "runtime": RUNTIME, "test": RUNTIME + TEST}

MACHINES = [
    {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": platform,
        "platform_system": {"linux": "Linux", "darwin": "Darwin"}[platform],
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "extra": "",
    }
    for python in ("3.11", "3.12", "3.13")
    for platform in ("linux", "darwin")
]


def parse_lock(text: str) -> list[tuple[Requirement, int]]:
    """Give each locked requirement with its number of hashes."""
    found = []
    for entry in re.sub(r"\\\n\s*", " ", text).splitlines():
        if not entry or entry.lstrip().startswith("#"):
            continue
        requirement, *hashes = re.split(r"\s+--hash=sha256:", entry)
        assert all(re.fullmatch(r"[0-9a-f]{64}\s*", value) for value in hashes), entry
        found.append((Requirement(requirement), len(hashes)))
    return found


def read_lock(name: str) -> list[tuple[Requirement, int]]:
    return parse_lock((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"))


def applies(requirement: Requirement, machine: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(machine)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_is_pinned_and_hashed(name: str) -> None:
    locked = read_lock(name)
    assert locked
    for requirement, hashes in locked:
        assert hashes, f"{requirement} has no hash"
        assert requirement.url is None
        assert [part.operator for part in requirement.specifier] == ["=="], str(requirement)


@pytest.mark.parametrize(
    "machine", MACHINES, ids=lambda m: f"{m['sys_platform']}-{m['python_version']}"
)
@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_agrees_with_pyproject_on_every_machine(
    name: str, machine: dict[str, str]
) -> None:
    here: dict[str, str] = {}
    for locked, _ in read_lock(name):
        if applies(locked, machine):
            key = canonicalize_name(locked.name)
            assert key not in here, f"{locked.name} is locked twice for one machine"
            here[key] = next(iter(locked.specifier)).version
    for wanted in LOCKS[name]:
        key = canonicalize_name(wanted.name)
        if applies(wanted, machine):
            assert key in here, f"{wanted} is not locked; run make lock"
            assert wanted.specifier.contains(here[key]), f"{wanted}: the lock has {here[key]}"
        else:
            assert key not in here, f"{wanted} is locked where it is not wanted"


def test_tests_run_on_the_versions_that_users_install() -> None:
    # A tool of the tests may want one on further machines too, such as cffi under PyPy.
    runtime, test = (
        {(one.name, str(one.specifier)) for one, _ in read_lock(name)}
        for name in ("runtime", "test")
    )
    assert runtime <= test


def test_every_dependency_has_a_lowest_version() -> None:
    for wanted in RUNTIME + TEST + BUILD:
        operators = {part.operator for part in wanted.specifier}
        assert operators & {">=", "=="}, f"{wanted} says nothing of how old it may be"
