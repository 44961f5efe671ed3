"""Every entry plays in Liquidsoap, MPD and VLC as Debian has them; our script does what it says."""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from programme.editions import NEVER
from programme.stations import Automation
from programme.units import DurationMs
from stations.day_plan import DayPlan, PlannedPlay, Why
from stations.deliveries import DeliveryItem
from stations.delivery_plan import plan_delivery
from stations.pack_plan import PackEdition
from tests.stations.folders import EN, ES, item, lay, planned, request_for, six
from tests.strict import ToolFinder

pytestmark = pytest.mark.tools

NOBODY = 65_534
RATE = 8_000


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that other users may read: VLC does not run as root."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_vlc_opens_every_entry_of_every_list(
    open_folder: Path, edition_of: Callable[..., PackEdition], tool: ToolFinder
) -> None:
    items = six(edition_of)
    plan = plan_delivery(request_for(Automation.VLC, items, plans=[planned(items)]))
    root = lay(plan, open_folder / "f")
    lower = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    command = [tool("cvlc"), "-vv", "--no-color", "--play-and-exit"]
    # Decodes as fast as it can, where a sound card would take the time of the sound.
    command += ["--sout", "#transcode{acodec=s16l}:dummy"]
    for name, wanted in {
        "altavoz.m3u8": 6,
        "altavoz.m3u": 6,
        "altavoz.pls": 6,
        "altavoz_ar.m3u8": 2,
        "lists/26112206.m3u": 6,
    }.items():
        done = subprocess.run(
            [*(lower if os.geteuid() == 0 else []), *command, root / name],
            capture_output=True,
            check=False,
            timeout=30,
            env={**os.environ, "HOME": str(open_folder / "home")},
        )
        said = (done.stdout + done.stderr).decode("utf-8", "replace")
        opened = [line for line in said.splitlines() if "successfully opened" in line]
        played = [one.path for one in plan.folder.media for o in opened if f"/{one.path}'" in o]
        assert len(played) == len(set(played)) == wanted, name
        assert "cannot open" not in said
        assert "decoder error" not in said


def test_mpd_loads_and_plays_every_stored_list(
    tmp_path: Path, edition_of: Callable[..., PackEdition], tool: ToolFinder
) -> None:
    items = six(edition_of)
    plan = plan_delivery(request_for(Automation.MPD, items, plans=[planned(items)]))
    root = lay(plan, tmp_path / "music")
    socket = tmp_path / "socket"
    config = tmp_path / "mpd.conf"
    config.write_text(
        f'music_directory "{root}"\nplaylist_directory "{root}/lists"\ndb_file "{tmp_path}/db"\n'
        f'bind_to_address "{socket}"\nlog_file "{tmp_path}/log"\nzeroconf_enabled "no"\n'
        'audio_output {\n type "null"\n name "none"\n sync "no"\n}\n'
    )
    with subprocess.Popen([tool("mpd"), "--no-daemon", config], stderr=subprocess.DEVNULL) as mpd:
        try:
            ask = [tool("mpc"), "-h", str(socket)]
            deadline = time.monotonic() + 20
            while not socket.exists() or subprocess.run([*ask, "version"], check=False).returncode:
                assert time.monotonic() < deadline, "MPD does not answer"
                time.sleep(0.05)

            def mpc(*words: str) -> list[str]:
                done = subprocess.run([*ask, *words], capture_output=True, check=True, text=True)
                assert "error" not in done.stderr
                return done.stdout.splitlines()

            mpc("update", "--wait")
            asked: list[str] = []
            for name, wanted in {
                "altavoz": [one.path for one in plan.folder.media],
                "altavoz_ar": [o.path for o in plan.folder.media if o.item.air.language == "ar"],
                "26112206": [one.path for one in plan.folder.media],
                # Lists beside the sound, for whoever has a music folder already.
                "altavoz.m3u": [one.path for one in plan.folder.media],
            }.items():
                mpc("clear")
                mpc("load", name)
                assert mpc("-f", "%file%", "playlist") == wanted
                asked += wanted
                mpc("play")
                while any("[playing]" in line for line in mpc("status")):
                    assert time.monotonic() < deadline, "MPD does not come to the end"
                    time.sleep(0.02)
                assert not any("ERROR" in line for line in mpc("status"))
            log = (tmp_path / "log").read_text()
        finally:
            mpd.terminate()
            mpd.wait(timeout=10)
    played = [line.partition('"')[2].rstrip('"') for line in log.splitlines() if "played" in line]
    # On a busy machine MPD sometimes tells of one song twice.
    assert [name for name, _ in groupby(played)] == asked
    assert len(asked) == 3 * 6 + 2


TAIL = """
settings.init.allow_root.set(true)
settings.log.stdout.set(true)
settings.log.file.set(false)
settings.frame.audio.samplerate.set({rate})
settings.frame.audio.channels.set(1)
%include "{root}/altavoz.liq"
def heard(name, s) =
  s.on_track(fun (m) -> print("TRACK " ^ name ^ " " ^ m["title"] ^ "|" ^ m["artist"]))
  output.file(%wav(header=false, mono), append=true, fallible=true, "{out}/" ^ name ^ ".raw", s)
end
all = altavoz()
hour = altavoz_hours()
radio = altavoz_radio(sine(duration=0.2, 3020.))
heard("all", all)
heard("hour", hour)
heard("radio", radio)
"""


def test_liquidsoap_cuts_at_cue_points_skips_what_expired_and_takes_up_a_new_list(
    tmp_path: Path, edition_of: Callable[..., PackEdition], tool: ToolFinder
) -> None:
    # The machine's own clock: Liquidsoap skips by it.
    today = datetime.now().astimezone().date()  # noqa: TID251 - see above
    cut = ending(edition_of(ES, 1), NEVER, cues=(500, 1_500))
    last_day = ending(edition_of(ES, 2), today)
    expired = ending(edition_of(EN, 1), today - timedelta(days=1))
    later = ending(edition_of(EN, 2), NEVER)
    root = tmp_path / "station"
    request = replace(
        request_for(Automation.LIQUIDSOAP, [cut, last_day, expired], root=str(root)),
        today=today - timedelta(days=1),
        plans=tuple(soon([last_day, expired])),
    )
    lay(plan_delivery(request), root)
    script = tmp_path / "radio.liq"
    script.write_text(TAIL.format(root=root, out=tmp_path, rate=RATE))
    log = tmp_path / "log"
    with log.open("wb") as said, subprocess.Popen([tool("liquidsoap"), script], stdout=said) as run:
        try:
            wait_for(log, "TRACK all", 3)
            new = replace(request, items=(later,), plans=())
            lay(plan_delivery(new), tmp_path / "new")
            media = root / "media"
            (tmp_path / "new" / "media" / "en" / later.air.file_name).replace(
                media / "en" / later.air.file_name
            )
            (tmp_path / "new/lists/liquidsoap.m3u").replace(root / "lists/liquidsoap.m3u")
            wait_for(log, f"TRACK all {later.air.title}|", 2)
            wait_for(log, f"TRACK radio {last_day.air.title}|", 2)
        finally:
            run.terminate()
            run.wait(timeout=15)
    text = log.read_text()
    assert f"TRACK all {cut.air.title}|Camino Seguro" in text
    assert expired.air.title not in text
    heard = pitches(tmp_path / "all.raw")
    # Each edition of the fixtures is a tone of its own: 300 Hz and 40 for each number.
    assert heard[340] == pytest.approx(1.0, abs=0.11)
    assert heard[380] == pytest.approx(2.04, abs=0.15)
    assert set(heard) == {340, 380, 780}, "what expired is a tone of 740"
    assert set(pitches(tmp_path / "hour.raw")) == {380}
    assert {380, 3020} <= set(pitches(tmp_path / "radio.raw"))


def ending(made: PackEdition, expires: date, *, cues: tuple[int, int] = (0, 2_040)) -> DeliveryItem:
    """Give an item with another last day, and a title that tells it from all others."""
    edition = replace(
        made.edition,
        title=f"{made.edition.title} {made.edition.language} {made.edition.number}",
        expires=expires,
        dated=date(2026, 1, 1),
    )
    return item(replace(made, edition=edition), cues=cues)


def soon(items: list[DeliveryItem]) -> list[DayPlan]:
    """Plan items in turn, every few seconds of the next minute and a half."""
    begin = datetime.now().astimezone()  # noqa: TID251 - Liquidsoap plays by it
    plays: dict[date, list[PlannedPlay]] = {}
    for place, seconds in enumerate(range(5, 95, 3)):
        at = begin + timedelta(seconds=seconds)
        play = PlannedPlay(
            at_ms=DurationMs((at.hour * 3_600 + at.minute * 60 + at.second) * 1_000),
            airs=items[place % len(items)].air,
            day_part="",
            why=Why.ROTATION,
        )
        plays.setdefault(at.date(), []).append(play)
    return [
        DayPlan(station="emisora-roble", day=day, plays=tuple(several))
        for day, several in plays.items()
    ]


def wait_for(log: Path, words: str, times: int) -> None:
    """Wait until a program has said something so many times."""
    deadline = time.monotonic() + 40
    while log.read_text(errors="replace").count(words) < times:
        assert time.monotonic() < deadline, log.read_text(errors="replace")[-2_000:]
        time.sleep(0.05)


def pitches(raw: Path) -> dict[int, float]:
    """Give for how many seconds each tone is heard the first time, by its pitch in Hz."""
    samples = np.fromfile(raw, dtype="<i2").astype(float)
    size = RATE // 20
    blocks = samples[: len(samples) // size * size].reshape(-1, size)
    loud = np.sqrt(np.square(blocks).mean(axis=1)) > 500
    spectrum = np.abs(np.fft.rfft(blocks * np.hanning(size), n=RATE, axis=1))
    tones = (np.argmax(spectrum, axis=1)) // 40 * 40 + 20
    found: dict[int, float] = {}
    last = 0
    for tone in np.where(loud, tones, 0).tolist():
        if tone and (tone not in found or tone == last):
            found[tone] = found.get(tone, 0.0) + 0.05
            last = tone
        else:
            last = 0
    return found
