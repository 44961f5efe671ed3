"""An update, the old pack and the new one must speak of the same pack, or nothing is changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from production.file_lock import locked_for_user
from production.packs.delta import apply_delta
from production.packs.trust import change_trust
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from stations import delta_placing
from stations.delta_contents import DeltaContents, RemovedFile, parse_delta, render_delta
from stations.delta_making import DeltaReport, make_delta
from stations.delta_placing import STAGE
from stations.minisign import SecretKey
from stations.trust import Trust
from tests.stations.delta_cases import files_of, made_in, read_folder, write_folder, write_zip
from tests.stations.signed_packs import KEY, TODAY, TRUST, trust_in

NEIGHBOUR = SecretKey.from_seed(bytes(range(3, 35)), key_id=b"neighbor")
EVIL = b"EVIL"
PHOTO = RemovedFile(path="DCIM/photo.jpg", length_bytes=5, digest=digest_bytes(b"photo"))

Edit = Callable[[DeltaContents, dict[str, bytes]], DeltaContents]


@pytest.fixture(scope="module")
def update(tmp_path_factory: pytest.TempPathFactory) -> DeltaReport:
    return made_in(tmp_path_factory.mktemp("update"))


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    both = Trust(keys=(*TRUST.keys, *trust_in(NEIGHBOUR.public, publisher="neighbour").keys))
    change_trust(tmp_path / "keys", lambda _: both)
    return tmp_path / "keys"


def resigned(update: Path, out: Path, edit: Edit, signer: SecretKey) -> Path:
    """Change what an update says and sign it anew: whoever does this has a key that is trusted."""
    with ZipFile(update) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    contents = edit(parse_delta(files["delta.json"]), files)
    files["delta.json"] = render_delta(contents)
    files["delta.json.minisig"] = signer.sign(
        files["delta.json"], trusted=contents.comment, untrusted="x"
    )
    return write_zip(out, files)


def of_a_neighbour(contents: DeltaContents, _: dict[str, bytes]) -> DeltaContents:
    return replace(contents, publisher="neighbour")


def with_other_sound(contents: DeltaContents, files: dict[str, bytes]) -> DeltaContents:
    files["new/01_ES/002_refugio.mp3"] = EVIL
    return replace(
        contents,
        files=tuple(
            replace(one, length_bytes=len(EVIL), digest=digest_bytes(EVIL))
            if one.path == "01_ES/002_refugio.mp3"
            else one
            for one in contents.files
        ),
    )


def with_long_differences(contents: DeltaContents, files: dict[str, bytes]) -> DeltaContents:
    files["changed/01_ES/001_asilo.mp3.vcdiff"] = bytes(1_000_000)
    return contents


def without(path: str) -> Edit:
    def edit(contents: DeltaContents, _: dict[str, bytes]) -> DeltaContents:
        return replace(contents, files=tuple(one for one in contents.files if one.path != path))

    return edit


@pytest.mark.parametrize("kind", ["zip", "folder"])
@pytest.mark.parametrize(
    ("edit", "signer", "problem"),
    [
        (of_a_neighbour, NEIGHBOUR, "of camino; the update says"),
        (with_other_sound, KEY, "says something else of 01_ES/002_refugio.mp3"),
        (without("02_EN/001_asylum.mp3"), KEY, "says something else of 02_EN/001_asylum.mp3"),
        (without("pack.json"), KEY, "does not make the pack.json"),
        (without("pack.json.minisig"), KEY, "of the new pack, "),
        (lambda c, _: replace(c, removed=(*c.removed, PHOTO)), KEY, "takes away DCIM/photo.jpg"),
        (lambda c, _: replace(c, pack="camino_another"), KEY, "of camino_another"),
        (lambda c, _: replace(c, from_serial=40), KEY, "that it is number 40"),
        (lambda c, _: replace(c, to_serial=4_000_000_000), KEY, "another pack, serial or day"),
        (lambda c, _: replace(c, valid_until=date.max), KEY, "another pack, serial or day"),
    ],
)
def test_a_trusted_key_may_not_say_one_thing_and_make_another(  # noqa: PLR0917 - cases
    update: DeltaReport,
    trust: Path,
    tmp_path: Path,
    edit: Edit,
    signer: SecretKey,
    problem: str,
    kind: str,
) -> None:
    bad = resigned(update.path, tmp_path / "bad.zip", edit, signer)
    old = files_of(41)
    target = tmp_path / "pack"
    if kind == "zip":
        write_zip(target, old)
    else:
        write_folder(target, {**old, PHOTO.path: b"photo"})
    before = target.read_bytes() if kind == "zip" else read_folder(target)
    for dry_run in (True, False):
        with pytest.raises(ProductionError, match=problem):
            apply_delta(bad, target, trust, today=TODAY, dry_run=dry_run)
    assert (target.read_bytes() if kind == "zip" else read_folder(target)) == before


def test_differences_that_cost_more_than_the_file_are_not_followed(
    update: DeltaReport, trust: Path, tmp_path: Path
) -> None:
    bad = resigned(update.path, tmp_path / "bad.zip", with_long_differences, KEY)
    target = write_folder(tmp_path / "pack", files_of(41))
    with pytest.raises(ProductionError, match="are longer than the file"):
        apply_delta(bad, target, trust, today=TODAY)
    assert read_folder(target) == files_of(41)


@pytest.mark.parametrize("path", ["01_ES/002_refugio.mp3", "01_ES/002_REFUGIO.MP3"])
def test_a_file_of_somebody_else_in_the_place_of_a_new_one_is_kept(
    update: DeltaReport, trust: Path, tmp_path: Path, path: str
) -> None:
    target = write_folder(tmp_path / "pack", {**files_of(41), path: b"somebody's own"})
    with pytest.raises(ProductionError, match="is no file of the pack, and stands where"):
        apply_delta(update.path, target, trust, today=TODAY)
    assert read_folder(target) == {**files_of(41), path: b"somebody's own"}


@pytest.mark.parametrize("links", [True, False])
def test_a_folder_in_the_place_of_a_new_file_changes_nothing(
    update: DeltaReport,
    trust: Path,
    tmp_path: Path,
    links: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not links:
        monkeypatch.setattr(delta_placing, "_link_all", lambda *_: False)
    target = write_folder(tmp_path / "pack", files_of(41))
    (target / "01_ES/002_refugio.mp3").mkdir()
    with pytest.raises(ProductionError, match="a folder stands where"):
        apply_delta(update.path, target, trust, today=TODAY)
    assert read_folder(target) == files_of(41)


@pytest.mark.parametrize(
    ("path", "data"),
    [(f"{STAGE}/01_ES/002_refugio.mp3", EVIL), ("pack.json", b"{}")],
)
def test_what_lies_half_made_on_a_stick_is_held_against_its_digests_before_it_is_placed(
    update: DeltaReport, trust: Path, tmp_path: Path, path: str, data: bytes
) -> None:
    target = write_folder(tmp_path / "stick", files_of(41))
    new = files_of(42)
    with ZipFile(update.path) as archive:
        note = archive.read("delta.json")
    made = {one.path for one in update.contents.files if one.member or one.old != one.path}
    write_folder(target / STAGE, {"delta.json": note} | {name: new[name] for name in made})
    (target / path).write_bytes(data)
    before = read_folder(target)
    with pytest.raises(ProductionError, match="is not as it left it"):
        apply_delta(update.path, target, trust, today=TODAY)
    assert read_folder(target) == before


def test_two_at_once_do_not_follow_updates(
    update: DeltaReport, trust: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("production.file_lock.USER_WAIT_S", 0)
    target = write_folder(tmp_path / "pack", files_of(41))
    with (
        locked_for_user(trust, "apply", "following an update"),
        pytest.raises(ProductionError, match="another Altavoz is following") as refused,
    ):
        apply_delta(update.path, target, trust, today=TODAY)
    assert refused.value.code == ExitCode.BUSY
    assert read_folder(target) == files_of(41)


def test_what_a_kill_left_beside_a_zip_is_gone_after_the_next_run(
    update: DeltaReport, trust: Path, tmp_path: Path
) -> None:
    target = write_zip(tmp_path / "pack.zip", files_of(41))
    (tmp_path / ".pack.zip.1234.new").write_bytes(b"half")
    write_folder(tmp_path / ".pack.zip.altavoz-new", {"made": b"half"})
    others = write_folder(tmp_path, {".pack.zip.old.new": b"x", ".other.zip.1.new": b"y"})
    assert apply_delta(update.path, target, trust, today=TODAY).done
    assert sorted(one.name for one in others.iterdir()) == [
        ".other.zip.1.new",
        ".pack.zip.old.new",
        "keys",
        "pack.zip",
    ]


def test_an_update_from_a_stick_names_no_file_of_its_owner(tmp_path: Path) -> None:
    private = {"DCIM/photo of my family.jpg": b"photo"}
    stick = write_folder(tmp_path / "stick", {**files_of(41), **private})
    new = write_zip(tmp_path / "new.zip", files_of(42))
    (tmp_path / "scratch").mkdir()
    report = make_delta(stick, new, tmp_path, signer=KEY, scratch=tmp_path / "scratch")
    assert b"family" not in report.path.read_bytes()
    assert report.contents == made_in(tmp_path / "other").contents


def test_an_update_is_not_made_from_a_pack_that_somebody_changed(tmp_path: Path) -> None:
    stick = write_folder(tmp_path / "stick", files_of(41))
    (stick / "01_ES/002_agua.mp3").write_bytes(EVIL)
    new = write_zip(tmp_path / "new.zip", files_of(42))
    (tmp_path / "scratch").mkdir()
    with pytest.raises(ProductionError, match=r"01_ES/002_agua\.mp3 is missing in the older pack"):
        make_delta(stick, new, tmp_path, signer=KEY, scratch=tmp_path / "scratch")
