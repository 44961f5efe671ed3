"""wget and curl go on with a file as podcast programs do, without asking whether it changed."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from production.preview.faults import Fault
from tests.clients.site import CORRECTED, FIRST, Site, State

pytestmark = pytest.mark.tools

RESUMING = {
    "wget": ["wget", "-q", "-c", "--tries=1", "-O"],
    "curl": ["curl", "-sf", "-C", "-", "-o"],
}


@pytest.fixture(params=list(RESUMING))
def resume(
    request: pytest.FixtureRequest, tool: Callable[[str], str], tmp_path: Path
) -> Callable[[str], bytes]:
    """Give what fetches an address to the same file again and again, and gives its bytes."""
    program, *options = RESUMING[request.param]
    path = tmp_path / "sound.mp3"

    def fetch(url: str) -> bytes:
        command = [tool(program), *options, str(path), url]
        subprocess.run(command, check=False, capture_output=True, timeout=30)
        return path.read_bytes()

    return fetch


def english(state: State) -> Path:
    """Give the sound of the English edition in a state."""
    return next(state.folder.glob("m/corta-corta-1-en-*.mp3"))


def test_a_download_that_was_cut_goes_on_to_the_same_bytes(
    resume: Callable[[str], bytes], site: Site
) -> None:
    sound = english(site.state)
    url = f"{site.preview.url}m/{sound.name}"
    site.preview.faults.add(Fault(path="/m/*.mp3", cut_after=50_000))
    assert resume(url) == sound.read_bytes()[:50_000]
    assert resume(url) == sound.read_bytes()
    assert site.last_status() == 206


def test_over_a_correction_nothing_is_added_to_what_was_cut(
    resume: Callable[[str], bytes], site: Site
) -> None:
    sound = english(site.state)
    url = f"{site.preview.url}m/{sound.name}"
    site.preview.faults.add(Fault(path="/m/*.mp3", cut_after=50_000))
    before = resume(url)
    site.show(CORRECTED)
    # the old address holds nothing any more, and never other bytes
    assert resume(url) == before
    assert site.last_status() == 404


def test_no_address_ever_holds_two_files(states: dict[str, State]) -> None:
    seen: dict[str, bytes] = {}
    for state in states.values():
        for path in state.folder.glob("m/*"):
            assert seen.setdefault(path.name, path.read_bytes()) == path.read_bytes()
    assert {path.name for path in states[FIRST].folder.glob("m/*")} <= set(seen)
