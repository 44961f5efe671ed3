"""Signed packs for tests: keys of known seeds, the real writer, and hands that change a pack."""

import json
import zipfile
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path

from programme.digests import canonical_json, digest_bytes
from stations.manifest import trusted_comment
from stations.minisign import PublicKey, SecretKey
from stations.pack_reading import open_pack
from stations.pack_verdict import Judgement, judge, refused_judgement
from stations.pack_verdicts import RefusedPackError
from stations.trust import Trust, TrustedKey

KEY = SecretKey.from_seed(bytes(range(32)), key_id=b"current!")
STANDBY = SecretKey.from_seed(bytes(range(1, 33)), key_id=b"standby!")
THIEF = SecretKey.from_seed(bytes(range(2, 34)), key_id=b"thief...")
TODAY = date(2026, 11, 24)

SOUND = {"01_ES/001_asilo.mp3": b"ID3" + bytes(3000), "02_EN/001_asylum.mp3": b"ID3" + bytes(2000)}


def trust_in(*keys: PublicKey, publisher: str = "camino") -> Trust:
    return Trust(keys=tuple(TrustedKey(publisher=publisher, key=key, since=TODAY) for key in keys))


TRUST = trust_in(KEY.public, STANDBY.public)


def pack_files(
    *,
    signer: SecretKey | None = KEY,
    sound: Mapping[str, bytes] = SOUND,
    page: bytes = b"<!doctype html>",
    **about: object,
) -> dict[str, bytes]:
    """Give a small pack as pack.json's format has it, by hand, from the agreed shape."""
    payload = {"data/script_es.txt": b"Nadie puede cobrarle.\n"}
    listed = {**sound, **payload, "index.html": page, "bagit.txt": b"BagIt\n"}
    told: dict[str, object] = {
        "format": "altavoz-pack/2",
        "pack": "camino_0123456789ab",
        "serial": 42,
        "issued": "2026-11-22",
        "valid_until": "2026-12-06",
        "publisher": {
            "id": "camino",
            "name": "Radio Camino",
            "contact": "radio@example.org",
            "keys": [KEY.public.text, STANDBY.public.text],
        },
        "languages": ["es-419", "en"],
        "demo": False,
        "retracts": [],
        "files": [
            {"path": path, "bytes": len(data), "sha256": digest_bytes(data)}
            for path, data in listed.items()
        ],
    }
    manifest = (canonical_json({**told, **about}) + "\n").encode()  # type: ignore[dict-item]
    return finished({**listed, "pack.json": manifest}, signer)


def finished(files: Mapping[str, bytes], signer: SecretKey | None) -> dict[str, bytes]:
    """Sign, and derive the two lists."""
    done = dict(files)
    if signer is not None:
        done["pack.json.minisig"] = signer.sign(
            done["pack.json"],
            trusted=trusted_comment(json.loads(done["pack.json"])),
            untrusted="test",
        )
    return derived(done)


def derived(files: Mapping[str, bytes]) -> dict[str, bytes]:
    done = {p: d for p, d in files.items() if p not in {"SHA256SUMS", "tagmanifest-sha256.txt"}}
    done["SHA256SUMS"] = _lines(done)
    done["tagmanifest-sha256.txt"] = _lines(
        {path: data for path, data in done.items() if not path.startswith("data/")}
    )
    return done


def _lines(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{digest_bytes(data)}  {path}\n" for path, data in files.items()).encode()


def zipped(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_STORED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 11, 22, 0, 0, 0)), data, method)
    return out.getvalue()


def laid_out(files: Mapping[str, bytes], folder: Path) -> Path:
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def judged(path: Path, trust: Trust = TRUST, *, today: date = TODAY) -> Judgement:
    """Judge a pack as ``altavoz verify`` does."""
    try:
        with open_pack(path) as files:
            return judge(files, trust, today=today)
    except RefusedPackError as refused:
        return refused_judgement(refused)


def judged_files(
    files: Mapping[str, bytes], folder: Path, trust: Trust = TRUST, *, today: date = TODAY
) -> Judgement:
    path = folder / "pack.zip"
    path.write_bytes(zipped(files))
    return judged(path, trust, today=today)
