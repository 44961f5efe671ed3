"""A pack as bagit, minisign and sha256sum judge it, whole and altered."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import bagit
import pytest

from programme.digests import digest_bytes
from programme.stations import StationKind
from stations.manifest import trusted_comment
from stations.minisign import SecretKey, verify
from stations.pack_members import gather_members
from stations.pack_plan import PackRequest, Paper, plan_pack
from stations.pack_zip import write_pack
from stations.runsheet import signed_commands

RequestMaker = Callable[..., PackRequest]
KINDS = [StationKind.RADIO, StationKind.TRANSIT]
KEY = SecretKey.from_seed(bytes(range(32)), key_id=b"altavoz1")


def unpacked(request: PackRequest, folder: Path) -> Path:
    out = folder / "pack.zip"
    write_pack(request, out)
    with ZipFile(out) as archive:
        archive.extractall(folder / "pack")
    return folder / "pack"


@pytest.mark.parametrize("kind", KINDS)
def test_bagit_finds_the_unpacked_pack_valid(
    request_of: RequestMaker, tmp_path: Path, kind: StationKind
) -> None:
    card = Paper.of("data/card.txt", "Línea de ayuda: 800 5533 000\n".encode())
    folder = unpacked(request_of(kind, papers=(card,), signer=KEY), tmp_path)
    found = bagit.Bag(str(folder))
    assert found.validate()
    assert found.info["Bagging-Date"] == "2026-11-22"
    payload = [path for path in (folder / "data").rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in payload)
    assert found.info["Payload-Oxum"] == f"{size}.{len(payload)}"
    # Tag files are not looked for by bagit; that the list of them is whole is held here.
    listed = {entry for entry in found.entries if not entry.startswith("data/")}
    tags = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    own = {"tagmanifest-sha256.txt"}
    assert listed == {path for path in tags if not path.startswith("data/")} - own


@pytest.mark.parametrize("change", ["sound", "cut", "paper", "gone", "added", "manifest"])
def test_bagit_finds_whatever_was_altered(
    request_of: RequestMaker, tmp_path: Path, change: str
) -> None:
    folder = unpacked(request_of(), tmp_path)
    track, paper = folder / "01_ES/001_pedir-asilo-es-gratis.mp3", folder / "data/script_ar.txt"
    data = track.read_bytes()
    if change == "sound":
        track.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif change == "cut":
        # 96 bytes are one frame here: no audio checker would find it.
        track.write_bytes(data[:-96])
    elif change == "paper":
        paper.write_bytes(paper.read_bytes().replace(b"800", b"900"))
    elif change == "gone":
        track.unlink()
    elif change == "added":
        (folder / "data/more.txt").write_bytes(b"!")
    else:
        (folder / "pack.json").write_bytes(b"{}")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(folder)).validate()


def test_the_manifest_lists_all_that_is_not_derived_from_it(
    request_of: RequestMaker, tmp_path: Path
) -> None:
    folder = unpacked(request_of(signer=KEY), tmp_path)
    listed = json.loads((folder / "pack.json").read_bytes())["files"]
    for one in listed:
        data = (folder / one["path"]).read_bytes()
        assert (one["bytes"], one["sha256"]) == (len(data), digest_bytes(data))
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there - {one["path"] for one in listed} == {
        "pack.json",
        "pack.json.minisig",
        "SHA256SUMS",
        "tagmanifest-sha256.txt",
    }


def test_the_signature_holds_and_says_what_the_manifest_says(
    request_of: RequestMaker, tmp_path: Path
) -> None:
    folder = unpacked(request_of(signer=KEY), tmp_path)
    manifest = (folder / "pack.json").read_bytes()
    signed = verify(manifest, (folder / "pack.json.minisig").read_bytes(), [KEY.public])
    pack = plan_pack(request_of()).pack_id
    # The first 16 hexadecimal digits of the SHA-256 of "[]".
    assert signed.trusted == (
        f"pack={pack} serial=3 issued=2026-11-22 valid-until=2026-12-06 recalls=0:4f53cda18c2baa0c"
    )
    assert signed.trusted == trusted_comment(json.loads(manifest))


@pytest.mark.tools
def test_minisign_finds_the_pack_signed_and_an_altered_one_not(
    request_of: RequestMaker, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    folder = unpacked(request_of(signer=KEY), tmp_path)
    # As the untrusted comment says it.
    command = [tool("minisign"), "-Vm", "pack.json", "-P", KEY.public.text]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert "serial=3 issued=2026-11-22 valid-until=2026-12-06" in said.stdout
    manifest = folder / "pack.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"serial":3', b'"serial":4'))
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode != 0


@pytest.mark.tools
def test_the_commands_of_the_readme_find_what_was_forged_with_its_checksums(
    request_of: RequestMaker, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    tool("minisign")
    folder = unpacked(request_of(signer=KEY), tmp_path)
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    command = "\n".join(signed_commands(KEY.public.text))
    assert all(line in readme for line in command.splitlines())

    def check() -> subprocess.CompletedProcess[str]:
        shell = ["bash", "-o", "pipefail", "-c", command]
        return subprocess.run(shell, cwd=folder, capture_output=True, text=True, check=False)

    whole = check()
    assert whole.returncode == 0, whole.stderr
    listed = json.loads((folder / "pack.json").read_bytes())["files"]
    said = whole.stdout.splitlines()
    assert [line for line in said if line.endswith(": OK")] == [f"{f['path']}: OK" for f in listed]
    # Whoever forges the sound writes SHA256SUMS anew: sha256sum alone is content.
    track = folder / "01_ES/001_pedir-asilo-es-gratis.mp3"
    before = digest_bytes(track.read_bytes())
    track.write_bytes(track.read_bytes()[::-1])
    sums = folder / "SHA256SUMS"
    sums.write_text(sums.read_text().replace(before, digest_bytes(track.read_bytes())))
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=folder, check=True)
    forged = check()
    assert forged.returncode != 0
    assert "001_pedir-asilo-es-gratis.mp3: FAILED" in forged.stdout


def test_an_unsigned_pack_holds_no_signature(request_of: RequestMaker, tmp_path: Path) -> None:
    folder = unpacked(request_of(), tmp_path)
    assert not (folder / "pack.json.minisig").exists()
    assert "Nobody signed this pack" in (folder / "README.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", ["data/CON.txt", "../out.txt", "/data/a", "data/a/b.txt", "data/ñ.txt", "data/a. "]
)
def test_a_paper_with_a_name_that_no_stick_takes_is_a_bug(
    request_of: RequestMaker, path: str
) -> None:
    request = request_of(papers=(Paper.of(path, b"x"),))
    with pytest.raises(ValueError, match="cannot have a member"):
        gather_members(request, plan_pack(request))


def test_two_papers_of_one_name_are_a_bug(request_of: RequestMaker) -> None:
    request = request_of(papers=(Paper.of("data/a", b"x"), Paper.of("data/A", b"y")))
    with pytest.raises(ValueError, match="the same path"):
        gather_members(request, plan_pack(request))


def test_another_paper_gives_another_manifest(request_of: RequestMaker) -> None:
    one = request_of(papers=(Paper.of("data/a.txt", b"x"),))
    two = replace(one, papers=(Paper.of("data/a.txt", b"y"),))
    manifests = {
        member.file.digest
        for request in (one, two)
        for member in gather_members(request, plan_pack(request))
        if member.path == "pack.json"
    }
    assert len(manifests) == 2
