"""What an update costs: one segment of 24 changed in each of five languages, a real pack around it.

Three ways to send it, each judged by the program that does it: our update, rsync, and zsync from a
server on this computer. None may cost more than 6 % of the pack; our update not even where there
are 18 segments, and a correction is said aloud in each language.
"""

import http.server
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from programme.digests import digest_file
from programme.editions import Edition
from programme.notices import NoticeKind
from programme.units import Digest, LanguageTag
from stations.delta_making import make_delta
from stations.pack_plan import PackEdition, PackRequest
from stations.pack_zip import write_pack
from stations.recall import Recall, RecalledFile
from tests.stations.conftest import LANGUAGES
from tests.stations.signed_packs import KEY
from tests.stations.test_vcdiff import sound
from tests.strict import ToolFinder

SEGMENTS = 24
FEW = 18
FRAMES = 500
"""Of a segment: twelve seconds at 24 kHz and 32 kb/s, 96 bytes each; those of the example have
five to forty."""
NOTICE_FRAMES = 375
"""Of a notice in short, said slowly as at a loudspeaker: nine seconds."""
MOST = 0.06

RequestMaker = Callable[..., PackRequest]


def of_segments(
    item: PackEdition, path: Path, changed: bool, segments: int = SEGMENTS
) -> PackEdition:
    """Give an edition the sound of many segments, as frames on a grid join them."""
    first = LANGUAGES.index(item.edition.language) * 100
    seeds = [first + number for number in range(segments)]
    if changed:
        seeds[9] += 50
    return of_sound(item, path, [sound(FRAMES, 96, seed) for seed in seeds])


def of_sound(item: PackEdition, path: Path, parts: list[bytes]) -> PackEdition:
    """Give an edition other sound behind its tag."""
    path.write_bytes(item.audio.read_bytes()[:30] + b"".join(parts))
    rendition = replace(item.rendition, digest=digest_file(path), length_bytes=path.stat().st_size)
    edition = replace(item.edition, renditions=(rendition,))
    return replace(item, edition=edition, rendition=rendition, audio=path)


@pytest.fixture
def packs(request_of: RequestMaker, tmp_path: Path) -> tuple[Path, Path]:
    """Give the ZIPs of two packs that follow each other."""
    paths = []
    for serial, changed in ((3, False), (4, True)):
        base = request_of(serial=serial, issued=date(2026, 11, 19 + serial), signer=KEY)
        own: dict[LanguageTag, PackEdition] = {}
        for item in base.editions:
            own.setdefault(item.edition.language, item)
        editions = tuple(
            of_segments(item, tmp_path / f"{tag}{serial}.mp3", changed) for tag, item in own.items()
        )
        path = tmp_path / f"{serial}.zip"
        write_pack(replace(base, editions=editions), path)
        paths.append(path)
    return paths[0], paths[1]


def test_our_update_costs_little_where_the_correction_is_said_aloud(
    request_of: RequestMaker, tmp_path: Path
) -> None:
    paths = []
    by_number: dict[int, list[PackEdition]] = {}
    for serial in (3, 4):
        base = request_of(serial=serial, issued=date(2026, 11, 19 + serial), signer=KEY)
        by_number.clear()
        for item in base.editions:
            by_number.setdefault(item.edition.number, []).append(item)
        editions = [
            of_segments(item, tmp_path / f"{serial}-{place}.mp3", serial == 4, FEW)
            for place, item in enumerate(by_number[1])
        ]
        for place, item in enumerate(by_number[2] if serial == 4 else ()):
            said = [sound(NOTICE_FRAMES, 96, 900 + place)]
            notice = of_sound(item, tmp_path / f"notice-{place}.mp3", said)
            editions.append(replace(notice, notice=NoticeKind.CORRECTED))
        recalls = tuple(
            recalled(one.edition, f"0{place}_X/001_aviso.mp3")
            for place, one in enumerate(by_number[1], 1)
        )
        path = tmp_path / f"{serial}.zip"
        told = replace(base, editions=tuple(editions), recalls=recalls if serial == 4 else ())
        write_pack(told, path)
        paths.append(path)
    (tmp_path / "scratch").mkdir()
    old, new = paths
    report = make_delta(old, new, tmp_path, signer=KEY, scratch=tmp_path / "scratch")
    assert report.share <= MOST
    # Of what is new nearly all is sound, each once; papers and lists are the rest.
    new_sound = len(by_number[1]) * (FRAMES + NOTICE_FRAMES) * 96
    assert new_sound < report.length_bytes < new_sound + 90_000


def recalled(edition: Edition, path: str) -> Recall:
    file = RecalledFile(path=path, digest=Digest("a" * 64), packs=("camino_0123456789ab/3",))
    return Recall(
        kind=NoticeKind.CORRECTED,
        language=edition.language,
        series=edition.series,
        episode=edition.episode,
        title=edition.title,
        reason="",
        since=date(2026, 11, 23),
        files=(file,),
    )


def share(cost: int, pack: Path) -> float:
    return cost / pack.stat().st_size


def test_our_update_costs_little(packs: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    report = make_delta(*packs, tmp_path, signer=KEY, scratch=tmp_path / "scratch")
    assert report.share <= MOST
    assert report.pack_bytes == packs[1].stat().st_size


def test_rsync_sends_little(packs: tuple[Path, Path], tool: ToolFinder, tmp_path: Path) -> None:
    old, new = packs
    there = tmp_path / "there.zip"
    there.write_bytes(old.read_bytes())
    command = [tool("rsync"), "--no-whole-file", "--block-size=2048", "--stats"]
    done = subprocess.run(
        [*command, "--ignore-times", str(new), str(there)],
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    found = re.search(r"Literal data: ([\d,]+)", done.stdout)
    assert found is not None
    assert there.read_bytes() == new.read_bytes()
    literal = int(found[1].replace(",", ""))
    assert share(literal, new) <= MOST


class _Ranges(http.server.SimpleHTTPRequestHandler):
    """Serves a folder with byte ranges, and counts what it sends."""

    protocol_version = "HTTP/1.1"
    folder: Path
    sent = 0

    def log_message(self, *words: Any) -> None:
        del words

    def do_GET(self) -> None:
        data = (self.folder / self.path.strip("/")).read_bytes()
        ranges = [
            (int(a), int(b)) for a, b in re.findall(r"(\d+)-(\d+)", self.headers.get("Range", ""))
        ]
        kind = "application/octet-stream"
        self.send_response(206 if ranges else 200)
        if not ranges:
            body = data
        elif len(ranges) == 1:
            [(a, b)] = ranges
            body = data[a : b + 1]
            self.send_header("Content-Range", f"bytes {a}-{b}/{len(data)}")
        else:
            parts = [
                f"\r\n--cut\r\nContent-Range: bytes {a}-{b}/{len(data)}\r\n\r\n".encode()
                + data[a : b + 1]
                for a, b in ranges
            ]
            body = b"".join(parts) + b"\r\n--cut--\r\n"
            kind = "multipart/byteranges; boundary=cut"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        type(self).sent += len(body)


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, type[_Ranges]]]:
    class Handler(_Ranges):
        pass

    Handler.folder = folder
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", Handler
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_zsync_fetches_little_over_http(
    packs: tuple[Path, Path], tool: ToolFinder, tmp_path: Path
) -> None:
    old, new = packs
    make, fetch = tool("zsyncmake"), tool("zsync")
    shop, here = tmp_path / "shop", tmp_path / "here"
    shop.mkdir()
    here.mkdir()
    (shop / "pack.zip").write_bytes(new.read_bytes())
    command = [make, "-b", "2048", "-u", "pack.zip", "-o", "pack.zip.zsync", "pack.zip"]
    subprocess.run(command, cwd=shop, check=True, capture_output=True)
    with served(shop) as (address, handler):
        subprocess.run(
            [fetch, "-q", "-i", str(old), "-o", "pack.zip", f"{address}/pack.zip.zsync"],
            cwd=here,
            check=True,
            capture_output=True,
            timeout=60,
        )
        sent = handler.sent
    assert (here / "pack.zip").read_bytes() == new.read_bytes()
    assert share(sent, new) <= MOST
