"""Runs OpenStack Swift with its S3 interface in one process, for tests: python swift_server.py D.

D is an empty folder on a disk. The account, container, object and proxy servers share the process
and each gets a free port on 127.0.0.1; once all of them listen, the proxy's address is printed.
One copy of each object and no memcached: enough to be judged by, nothing to keep data in.
Where the disk takes no extended attributes, objects are held in memory by Swift's own server.
https://docs.openstack.org/swift/latest/deployment_guide.html
"""

import os
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")  # Eventlet says to everybody that it has had its time

import eventlet.wsgi  # noqa: E402
from swift.common import utils, wsgi  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402

STORES = ("account", "container", "object")
KEY, SECRET = "test:tester", "testing"
FILTERS = (
    "catch_errors", "gatekeeper", "proxy-logging", "cache", "listing_formats", "bulk", "s3api",
    "tempauth", "copy", "slo", "dlo", "versioned_writes", "symlink",
)  # fmt: skip


def main(folder: Path) -> None:
    """Write the settings, then serve until killed."""
    (folder / "dev/d1").mkdir(parents=True)
    (folder / "swift.conf").write_text(
        "[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n"
        "[storage-policy:0]\nname = gold\ndefault = yes\n"
    )
    utils.set_swift_dir(str(folder))
    utils.monkey_patch()
    listening = {name: eventlet.listen(("127.0.0.1", 0)) for name in (*STORES, "proxy")}
    for name in STORES:
        _write_ring(folder / f"{name}.ring.gz", listening[name].getsockname()[1])
    for name, socket in listening.items():
        settings = folder / f"{name}-server.conf"
        settings.write_text(_proxy(folder) if name == "proxy" else _store(name, folder))
        app = wsgi.loadapp(str(settings), global_conf={"log_name": f"{name}-server"})
        eventlet.spawn(
            eventlet.wsgi.server,
            socket,
            app,
            utils.NullLogger(),
            protocol=wsgi.SwiftHttpProtocol,
            capitalize_response_headers=False,  # S3 clients look for "ETag"
        )
    print(f"http://127.0.0.1:{listening['proxy'].getsockname()[1]}", flush=True)  # noqa: T201
    while True:
        eventlet.sleep(3600)


def _write_ring(path: Path, port: int) -> None:
    builder = RingBuilder(4, 1, 1)
    device = {"ip": "127.0.0.1", "port": port, "device": "d1", "weight": 1.0}
    builder.add_dev({**device, "region": 1, "zone": 1, "meta": ""})
    builder.rebalance()
    builder.get_ring().save(str(path))


def _default(folder: Path) -> str:
    return (
        f"[DEFAULT]\nbind_ip = 127.0.0.1\nworkers = 0\nswift_dir = {folder}\nlog_level = ERROR\n"
        f"devices = {folder / 'dev'}\nmount_check = false\ndisable_fallocate = true\n"
    )


def _store(name: str, folder: Path) -> str:
    kind = "mem_object" if name == "object" and not _takes_attributes(folder) else name
    return (
        f"{_default(folder)}[pipeline:main]\npipeline = {name}-server\n"
        f"[app:{name}-server]\nuse = egg:swift#{kind}\n"
    )


def _proxy(folder: Path) -> str:
    filters = "".join(
        f"[filter:{name}]\nuse = egg:swift#{_EGGS.get(name, name)}\n{_OPTIONS.get(name, '')}"
        for name in FILTERS
    )
    return (
        f"{_default(folder)}[pipeline:main]\n"
        f"pipeline = {' '.join(FILTERS)} proxy-logging proxy-server\n"
        "[app:proxy-server]\nuse = egg:swift#proxy\n"
        f"allow_account_management = true\naccount_autocreate = true\n{filters}"
    )


_EGGS = {"proxy-logging": "proxy_logging", "cache": "memcache"}
_OPTIONS = {
    # Nobody listens there, as without memcached.
    "cache": "memcache_servers = 127.0.0.1:9\n",
    "tempauth": f"user_{KEY.replace(':', '_')} = {SECRET} .admin\n",
}


def _takes_attributes(folder: Path) -> bool:
    try:
        os.setxattr(folder, "user.swift.metadata", b"x" * 1000)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]))
