"""Which files are made of an edition, and where each goes: build folder, feeds, packs."""

import hashlib
import wave
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from wavinfo import WavInfoReader

from production.building import BuildReport, Workshop
from production.companions import COMPANIONS
from production.formats import feed_formats
from production.ledger.ledger import Ledger
from production.loudness_limits import judge_size
from production.packs.packing import PackOrder, build_packs
from production.publish.publishing import choose_target, publish
from production.releases.history import read_history
from production.releases.releasing import plan_releases
from programme.digests import digest_text
from programme.errors import ProductionError
from programme.findings import Severity
from programme.profiles import Output, outputs, profiles
from scripts.workspace import read_workspace
from tests.production.published import PUBLISHER
from tests.production.running import TINY, TODAY, Quiet, build, copy_of, edit, known_sound, read
from tests.production.small import FILES, write_small

RADIO = """
name: "Radio B"
kind: radio
languages: [es-419]
series: [corta]
profile: broadcast
format: bwf
delivery: pack
country: CR
"""
SERIES = str(TINY["series/corta.yml"])
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One episode in one language; the series asks for two more, a station for broadcast WAV."""
    root = tmp_path_factory.mktemp("formats") / "workspace"
    also = "profile: podcast\nalso: [low-data, phone-line]"
    changes = {
        **TINY,
        "series/corta.yml": SERIES.replace("profile: podcast", also),
        "stations/radio.yml": RADIO,
    }
    write_small(root, changes)
    build(known_sound(root, tmp_path_factory))
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return copy_of(built, tmp_path / "workspace")


def names(report: BuildReport) -> dict[str, list[str]]:
    """Give the renditions of each profile."""
    return {
        one.edition.profile: [rendition.id for rendition in one.edition.renditions]
        for one in report.editions
    }


def found(root: Path) -> list[str]:
    folder = root / "build/corta/es-419"
    return sorted(path.name for path in folder.iterdir())


def test_what_a_series_asks_for_besides_lies_beside_its_own_and_names_its_profile(
    root: Path,
) -> None:
    companions = [f"corta-1_es-419{one.suffix}" for one in COMPANIONS]
    assert found(root) == sorted(
        [
            *companions,
            "corta-1_es-419.mp3",
            "corta-1_es-419.opus",
            "corta-1_es-419_low-data.opus",
            "corta-1_es-419_phone-line.ulaw.wav",
            "corta-1_es-419_phone-line.wav",
        ]
    )


def test_a_large_format_is_made_only_where_somebody_names_it(root: Path) -> None:
    assert names(build(root))["broadcast"] == ["mp3-128", "bwf"]
    edit(root / "stations/radio.yml", "format: bwf\n", "")
    assert names(build(root))["broadcast"] == ["mp3-128"]
    edit(root / "series/corta.yml", "[low-data, phone-line]", "[broadcast/bwf]")
    assert names(build(root)) == {"podcast": ["mp3", "opus"], "broadcast": ["mp3-128", "bwf"]}
    beside = [name for name in found(root) if "_broadcast" in name]
    assert beside == ["corta-1_es-419_broadcast.mp3", "corta-1_es-419_broadcast.wav"]


def test_what_is_asked_for_no_more_leaves_the_build_folder(root: Path) -> None:
    edit(root / "series/corta.yml", "[low-data, phone-line]", "[low-data]")
    report = build(root)
    assert report.run.total == 0
    assert set(report.removed) == {
        "build/corta/es-419/corta-1_es-419_phone-line.ulaw.wav",
        "build/corta/es-419/corta-1_es-419_phone-line.wav",
    }


def test_a_station_gets_the_format_that_it_names_with_the_loudness_of_the_manifest(
    root: Path,
) -> None:
    workspace = read(root)
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=TODAY)
        report = shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)
        (pack,) = build_packs(
            shop, workspace, report, names=["radio"], order=PackOrder(today=TODAY, rehearsal=True)
        )
    (broadcast,) = (one for one in report.editions if one.edition.profile == "broadcast")
    rendition = broadcast.edition.renditions[1]
    with ZipFile(pack.path) as archive:
        track = archive.namelist()[0]
        assert track == "01_ES/corta_es-419_001.wav"
        out = root / "unpacked.wav"
        out.write_bytes(archive.read(track))
        assert f"{track}\r\n" in archive.read("playlist.m3u8").decode("utf-8")
    reader = WavInfoReader(str(out))
    told = reader.bext.to_dict()
    assert told["loudness_value"] == pytest.approx(rendition.loudness.integrated, abs=0.0051)
    assert told["max_true_peak"] == pytest.approx(rendition.loudness.true_peak, abs=0.0051)
    assert told["originator"] == "Small"
    # Which episode it is, in iXML, in cart's cut id, and in a reference that follows the sound.
    assert b"<NOTE>corta/corta-1</NOTE>" in reader.ixml.source
    assert b"corta-1-es-419\x00" in out.read_bytes().partition(b"cart")[2][:400]
    with wave.open(str(out)) as sound:
        digest = hashlib.sha256(sound.readframes(sound.getnframes())).hexdigest()
    number = digest_text(f"corta/corta-1/es-419/bwf/{digest}")
    assert told["originator_ref"] == number[:32].upper()


def test_the_same_station_with_another_format_gets_another_pack(root: Path) -> None:
    made = []
    for change in ("format: bwf", "format: mp3-128"):
        (root / "stations/radio.yml").write_text(RADIO.replace("format: bwf", change).lstrip())
        workspace = read(root)
        with Workshop(root).open() as shop:
            plan = shop.plan(workspace, today=TODAY)
            report = shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)
            made += build_packs(
                shop,
                workspace,
                report,
                names=["radio"],
                order=PackOrder(today=TODAY, rehearsal=True),
            )
    first, second = made
    assert first.path.name != second.path.name
    assert not first.path.exists()


def test_a_feed_gets_its_own_profile_and_nothing_that_no_podcast_program_plays(root: Path) -> None:
    # The station's format is made of the very edition that the feed carries.
    edit(root / "series/corta.yml", "profile: podcast", "profile: broadcast")
    workspace = read(root)
    target = choose_target(workspace, "public")
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=TODAY)
        report = shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)
        assert names(report)["broadcast"] == ["mp3-128", "bwf"]
        own = [one for one in report.editions if one.edition.profile == "broadcast"]
        history = read_history(_no_ledger(shop), target.name)
        planned = plan_releases(own, workspace=workspace, target=target, history=history, now=NOW)
        [release] = planned.news
        assert [m.name for m in release.media if m.kbps] == ["mp3-128"]
        publish(
            shop,
            workspace,
            report.editions,
            target,
            publisher=PUBLISHER,
            now=NOW,
            today=TODAY,
        )
    sent = [path.name for path in (root / "public").rglob("*") if path.is_file()]
    assert any(name.endswith(".mp3") for name in sent)
    assert not any(name.endswith((".wav", ".opus", ".m4a", ".ogg")) for name in sent)
    feed = (root / "public/corta/es-419.xml").read_text(encoding="utf-8")
    assert 'type="audio/mpeg"' in feed
    assert ".wav" not in feed


def _no_ledger(shop: Workshop) -> Ledger:
    return Ledger(shop.root)


@pytest.mark.parametrize("profile", ["low-data", "share", "phone-line"])
def test_a_profile_without_mp3_cannot_make_a_feed(tmp_path: Path, profile: str) -> None:
    series = FILES["series/corta.yml"].replace("podcast", profile)
    write_small(tmp_path, {**TINY, "series/corta.yml": series})
    _, findings = read_workspace(tmp_path, today=TODAY)
    (one,) = (one for one in findings if one.file == "series/corta.yml" and "feed" in one.problem)
    assert one.problem == f"profile: no feed can be made of {profile}, which has no MP3"
    assert one.line == 5
    assert f"also: [{profile}]" in one.remedy


def test_a_loop_may_be_made_in_any_profile(tmp_path: Path) -> None:
    loop = FILES["series/bucle.yml"].replace("profile: loudspeaker", "profile: phone-line")
    write_small(tmp_path, {"series/bucle.yml": loop, "stations/terminal.yml": None})
    workspace, _ = read_workspace(tmp_path, today=TODAY)
    assert workspace is not None
    assert workspace.series["bucle"].profile == "phone-line"


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("series/corta.yml", "profile: podcast", "profile: podcast\nalso: [low-dada]", "low-data"),
        ("series/corta.yml", "profile: podcast", "profile: podcast\nalso: [broadcast/wav]", "bwf"),
        ("stations/packs.yml", "profile: broadcast", "profile: broadcast\nformat: wav", "bwf"),
    ],
)
def test_an_unknown_output_is_answered_with_those_there_are(
    tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    write_small(tmp_path, {file: FILES[file].replace(old, new)})
    _, findings = read_workspace(tmp_path, today=TODAY)
    (one,) = (one for one in findings if one.file == file and "not known" in one.problem)
    assert says in one.remedy


@pytest.mark.parametrize(
    ("bound", "line", "warned"),
    [("", 6, True), ("max_s: 300\n", 8, True), ("max_s: 240\n", 0, False)],
)
def test_a_series_to_share_is_told_how_long_its_episodes_may_be(
    tmp_path: Path, bound: str, line: int, warned: bool
) -> None:
    series = SERIES.replace("profile: podcast", "profile: podcast\nalso: [share]") + bound
    write_small(tmp_path, {**TINY, "series/corta.yml": series})
    _, findings = read_workspace(tmp_path, today=TODAY)
    told = [one for one in findings if one.rule == "series.bounds"]
    assert [(one.line, one.severity) for one in told] == [(line, Severity.WARNING)] * warned
    for one in told:
        assert one.problem == "share takes 262 seconds, and an episode may be longer"
        assert one.remedy == "write max_s: 240, or leave share out"


def test_outputs_are_written_as_producers_write_them() -> None:
    assert outputs()["broadcast/bwf"] == Output(profile="broadcast", format="bwf")
    assert "podcast/opus" not in outputs()
    for name, output in outputs().items():
        assert str(output) == name


def test_every_profile_is_sound() -> None:
    for profile in profiles().values():
        suffixes = [spec.suffix for spec in profile.renditions]
        assert len(set(suffixes)) == len(suffixes), profile.id
        assert all(spec.feed or spec.media_type != "audio/mpeg" for spec in profile.renditions)
        assert not any(name.endswith(".wav") for name in feed_suffixes(profile.id))
        assert profile.made_for([]).renditions, profile.id


def feed_suffixes(profile: str) -> set[str]:
    fit = feed_formats(profile)
    return {spec.suffix for spec in profiles()[profile].renditions if spec.id in fit}


def test_a_file_that_is_too_long_to_share_is_refused_with_what_to_do() -> None:
    profile = profiles()["share"]
    voice = profile.renditions[0]
    judge_size(524_288, voice, profile, where="edition")
    with pytest.raises(ProductionError, match="may have 524,288") as caught:
        judge_size(524_289, voice, profile, where="edition")
    assert "max_s" in caught.value.remedy
    assert "262 seconds" in caught.value.remedy
