"""Web servers from Debian, started on loopback with settings of which a test gives what matters."""

import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_NGINX = """
daemon off; master_process off; pid {home}/pid; error_log {home}/log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {home}/1; proxy_temp_path {home}/2; fastcgi_temp_path {home}/3;
    uwsgi_temp_path {home}/4; scgi_temp_path {home}/5;
    include {home}/site.conf;
}}
"""
_APACHE = """
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
LoadModule alias_module {modules}/mod_alias.so
LoadModule autoindex_module {modules}/mod_autoindex.so
LoadModule mime_module {modules}/mod_mime.so
TypesConfig /dev/null
DocumentRoot {site}
<Directory {site}>
    Options Indexes
    AllowOverride FileInfo
    Require all granted
</Directory>
"""
_MODULES = "/usr/lib/apache2/modules"


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def nginx_command(program: str, home: Path, *, port: int, site: str) -> Sequence[str | Path]:
    """Write nginx's settings into ``home``, and give what starts it.

    Args:
        program: nginx.
        home: a folder of its own.
        port: where it listens, in the place of 80.
        site: the settings of the site, with ``listen 80;``.
    """
    lines = site.replace("listen 80;", f"listen 127.0.0.1:{port};")
    (home / "site.conf").write_text(lines)
    (home / "nginx.conf").write_text(_NGINX.format(home=home))
    command: list[str | Path] = [program, "-c", home / "nginx.conf"]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    return command


def apache_command(
    program: str, home: Path, *, port: int, site: Path, htaccess: str
) -> Sequence[str | Path]:
    """Write Apache's settings, those of the site into its folder, and give what starts it.

    It reads as nobody: every user must be let into both folders.
    """
    (site / ".htaccess").write_text(htaccess)
    text = _APACHE.format(home=home, port=port, site=site, modules=_MODULES)
    (home / "apache.conf").write_text(text)
    return [program, "-f", home / "apache.conf", "-DFOREGROUND"]


@contextmanager
def running_web_server(command: Sequence[str | Path], home: Path, *, port: int) -> Iterator[None]:
    """Run a web server until the block ends; what it says goes to ``home/output``."""
    env: Mapping[str, str] = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    with (
        (home / "output").open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output, env=env) as process,
    ):
        try:
            _wait_for(port, home / "output")
            yield
        finally:
            process.terminate()


def _wait_for(port: int, output: Path) -> None:
    stop = time.monotonic() + 20
    while True:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < stop, output.read_text(errors="replace")
        time.sleep(0.05)
