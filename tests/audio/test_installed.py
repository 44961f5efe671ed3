"""What is installed, read from its folders: the same as Python's own library says."""

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from audio.installed import installed_version, is_declared
from tests.audio.voice_package import write_package

OURS = ("av", "click", "espeakng-loader", "espeakng_loader", "lameenc", "numpy", "PyYAML", "soxr")


def install(folder: Path, name: str, about: str) -> None:
    path = folder / name
    path.mkdir(parents=True)
    (path / "METADATA").write_text(about, encoding="utf-8")


@pytest.mark.parametrize("package", OURS)
def test_a_version_is_the_one_that_python_tells(package: str) -> None:
    assert installed_version(package) == metadata.version(package)


def test_the_first_on_the_path_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "NumPy-9.9.dist-info", "Metadata-Version: 2.1\nName: NumPy\nVersion: 9.9\n\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert installed_version("numpy") == metadata.version("numpy") == "9.9"


@pytest.mark.parametrize(
    ("name", "about", "version"),
    [
        # the folder's name is no version: what the file says counts
        (
            "acme-1.dist-info",
            "Metadata-Version: 2.1\r\nName: acme\r\nVersion: 1.0.0\r\n\r\n",
            "1.0.0",
        ),
        ("acme-2.0.egg-info", "", None),
        (
            "acme-3.0.dist-info",
            "Metadata-Version: 2.1\nName: acme\nVersion: 3.0+local\n",
            "3.0+local",
        ),
        ("acme-4.0.dist-info", f"Name: acme\nLicense: {'x' * 4000}\nVersion: 4.0\n\n", "4.0"),
        ("acme-5.0.dist-info", "Name: acme\nVersion: 5.0\n\nVersion: 6.0\n", "5.0"),
    ],
)
def test_ways_to_be_installed(
    name: str, about: str, version: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, name, about)
    if version is None:
        (tmp_path / name / "METADATA").unlink()
        told = "Metadata-Version: 1.0\nName: acme\nVersion: 2.0\n"
        (tmp_path / name / "PKG-INFO").write_text(told, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert installed_version("acme") == metadata.version("acme") == (version or "2.0")


def test_what_is_not_installed_is_an_error_of_pythons_own() -> None:
    with pytest.raises(metadata.PackageNotFoundError):
        installed_version("no-such-package-of-ours")


def test_a_declared_engine_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_declared("altavoz.voices")
    write_package(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert is_declared("altavoz.voices")


def test_where_something_lies_in_an_unusual_way_nobody_is_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "acme.egg-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert is_declared("altavoz.voices")


def test_versions_of_a_plan_load_no_parser_of_mail() -> None:
    program = (
        "import sys\n"
        "from audio.version import sound_version\n"
        "from audio.voices.versions import voice_version\n"
        "sound_version(), voice_version('espeak', 'es-419')\n"
        "sys.exit('importlib.metadata' in sys.modules)\n"
    )
    around = {"PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([sys.executable, "-c", program], check=True, env=around)
