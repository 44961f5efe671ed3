"""What docs/corrections.md tells operators of servers, done by the servers."""

import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

pytestmark = pytest.mark.tools

DOCS = Path(__file__).parents[2] / "docs" / "corrections.md"
SOUND = bytes(range(256)) * 200
NOTICE = "m/corta-corta-1-en-1-corrected-0123456789ab.mp3"
EDITION = "m/corta-corta-1-en-2-0123456789ab.mp3"
GPODDER = "gPodder/3.11.1 (+http://gpodder.org/) Linux"

NGINX = """
daemon off; master_process off; pid {home}/pid; error_log {home}/log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {home}/1; proxy_temp_path {home}/2; fastcgi_temp_path {home}/3;
    uwsgi_temp_path {home}/4; scgi_temp_path {home}/5;
    {told}
}}
"""
APACHE = """
ServerRoot {home}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {home}/pid
ErrorLog {home}/log
User nobody
Group nogroup
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule setenvif_module {modules}/mod_setenvif.so
LoadModule headers_module {modules}/mod_headers.so
DocumentRoot {site}
<Directory {site}>
    AllowOverride FileInfo
    Require all granted
</Directory>
"""


def told(server: str) -> str:
    (block,) = re.findall(f"(?s)```{server}\n(.*?)```", DOCS.read_text(encoding="utf-8"))
    return str(block)


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


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
    settings = home / "settings"
    if request.param == "nginx":
        block = told("nginx").replace("/srv/altavoz", str(site))
        block = block.replace("listen 80;", f"listen 127.0.0.1:{port};")
        settings.write_text(NGINX.format(home=home, told=block))
        command = [program, "-c", str(settings)]
    else:
        (site / ".htaccess").write_text(told("apache"))
        modules = "/usr/lib/apache2/modules"
        settings.write_text(APACHE.format(home=home, port=port, site=site, modules=modules))
        command = [program, "-f", str(settings), "-DFOREGROUND"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    stop = time.monotonic() + 20
    while True:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < stop, "the server does not answer"
        time.sleep(0.05)


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
