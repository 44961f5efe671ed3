"""What docs/corrections.md tells operators of servers, done by the servers."""

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.targets.web_servers import apache_command, free_port, nginx_command, running_web_server

pytestmark = pytest.mark.tools

DOCS = Path(__file__).parents[2] / "docs" / "corrections.md"
SOUND = bytes(range(256)) * 200
NOTICE = "m/corta-corta-1-en-1-corrected-0123456789ab.mp3"
EDITION = "m/corta-corta-1-en-2-0123456789ab.mp3"
GPODDER = "gPodder/3.11.1 (+http://gpodder.org/) Linux"


def told(server: str) -> str:
    (block,) = re.findall(f"(?s)```{server}\n(.*?)```", DOCS.read_text(encoding="utf-8"))
    return str(block)


@pytest.fixture
def home() -> Iterator[Path]:
    """Give a folder that is not below pytest's own, which others may not read."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(params=["nginx", "apache2"])
def url(request: pytest.FixtureRequest, tool: Callable[[str], str], home: Path) -> Iterator[str]:
    """Serve a notice and an edition by a real server, set up as the page says."""
    program = tool(request.param)
    site = home / "site"
    (site / "m").mkdir(parents=True)
    for name in (NOTICE, EDITION):
        (site / name).write_bytes(SOUND)
    home.chmod(0o755)  # Apache reads as nobody
    port = free_port()
    if request.param == "nginx":
        block = told("nginx").replace("/srv/altavoz", str(site))
        command = nginx_command(program, home, port=port, site=block)
    else:
        command = apache_command(program, home, port=port, site=site, htaccess=told("apache"))
    with running_web_server(command, home, port=port):
        yield f"http://127.0.0.1:{port}/"


def status(url: str, agent: str) -> tuple[int, bytes]:
    headers = {"User-Agent": agent, "Range": "bytes=16000-"}
    answer = requests.get(url, headers=headers, timeout=10)
    return answer.status_code, answer.content


def test_the_server_gives_gpodder_notices_whole_and_others_what_they_ask_for(url: str) -> None:
    assert status(url + NOTICE, GPODDER) == (200, SOUND)
    assert status(url + EDITION, GPODDER) == (206, SOUND[16_000:])
    assert status(url + NOTICE, "AntennaPod/3.8.0") == (206, SOUND[16_000:])
    # nobody reaches the inner address from outside
    assert requests.get(f"{url}whole/{NOTICE}", timeout=10).status_code == 404
