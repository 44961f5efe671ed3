"""Reading back and cleaning on an S3 server: what was cut off there is found and abandoned."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from production.building import Workshop
from production.publish.publishing import publish
from production.targets import Target
from production.targets.cleaning import clean_target, plan_cleaning
from production.targets.s3 import S3Target
from production.targets.target_view import TargetView
from production.targets.verifying import ALL, Reading, verify_target
from programme.digests import digest_bytes
from programme.units import Key
from tests.production.published import NOON, PUBLISHER, Made, beside
from tests.targets.reading_back import CLEANER, verdicts

pytestmark = pytest.mark.usefixtures("credentials")


def test_a_bucket_is_read_back_and_cleaned(
    made: Made, make_s3: Callable[..., Target], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = make_s3()
    assert isinstance(target, S3Target)
    monkeypatch.setattr("production.publish.publishing.open_target", lambda *_, **__: target)
    monkeypatch.setattr(target, "close", lambda: None)
    monkeypatch.setattr(target, "name", "public")
    settings = made.workspace.network.targets["public"]
    with Workshop(made.workspace.root).open() as built:
        workshop = beside(tmp_path, built)
        publish(workshop, made.workspace, made.editions, settings, publisher=PUBLISHER, now=NOON)
        view = TargetView(
            workshop=workshop,
            workspace=made.workspace,
            settings=settings,
            now=NOON,
            today=NOON.date(),
        )
        report = verify_target(view, target, Reading(sample=ALL))
        assert report.told() == []

        sound = next(one.key for one in report.objects if one.key.endswith(".mp3"))
        target.remove(Key(sound))
        target.put(Key("notes.txt"), b"mine", media_type="text/plain")
        data = b"left over"
        left = Key(f"m/corta-corta-9-en-{digest_bytes(data)[:12]}.mp3")
        target.put(left, data, media_type="audio/mpeg")
        told = verdicts(verify_target(view, target, Reading()))
        assert told == {sound: "missing", "notes.txt": "foreign", left: "leftover"}

        target.ask("create_multipart_upload", Key="camino/m/half-000000000000.mp3")
        target.ask("create_multipart_upload", Key="elsewhere/half.mp3")
        # The server's own clock says when these came: today, whatever day the test plays on.
        came = max(one.changed_at for one in target.listing())
        later = TargetView(
            workshop=workshop,
            workspace=made.workspace,
            settings=settings,
            now=came + timedelta(days=31),
            today=NOON.date(),
        )
        planned = plan_cleaning(later, target)
        assert [one.key for one in planned.doomed] == [left]
        assert [one.name for one in planned.uploads] == ["camino/m/half-000000000000.mp3"]
        done = clean_target(later, target, planned, CLEANER)
        assert (len(done.doomed), len(done.uploads)) == (1, 1)
        assert target.read(left) is None
        assert target.read(Key("notes.txt")) == b"mine"
        assert plan_cleaning(later, target).count == 0
        rest = target.ask("list_multipart_uploads").get("Uploads", [])
        assert [one["Key"] for one in rest] == ["elsewhere/half.mp3"]
