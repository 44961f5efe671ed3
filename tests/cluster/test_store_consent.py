"""Which store a workspace may use here: bound to both, kept outside, believed only when whole."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.shared.consent import (
    STORES_FILE,
    Allowed,
    Consents,
    _parse,
    _render,
    is_same_address,
    told,
    told_whole,
)
from production.shared.places import absolute
from programme.errors import ProductionError
from programme.network import TargetSettings

DAY = date(2026, 11, 22)


def place(kind: str = "s3", **options: str) -> TargetSettings:
    return TargetSettings(name="store", kind=kind, options=options)


BUCKET = place(bucket="my-radio-store", prefix="altavoz", endpoint="https://s3.example.org")


@pytest.fixture
def consents(tmp_path: Path) -> Consents:
    return Consents(tmp_path / "keys")


def test_nothing_is_allowed_before_somebody_says_so(consents: Consents, tmp_path: Path) -> None:
    assert not consents.allows(tmp_path / "one", BUCKET)
    consents.allow(tmp_path / "one", BUCKET, today=DAY)
    assert Consents(tmp_path / "keys").allows(tmp_path / "one", BUCKET)
    found = consents.find(tmp_path / "one")
    assert found is not None
    assert found.since == DAY


@pytest.mark.parametrize(
    "other",
    [
        place(bucket="my-radio-store", prefix="altavoz"),
        place(bucket="my-radio-store", prefix="other", endpoint="https://s3.example.org"),
        place(bucket="my-radio-stores", prefix="altavoz", endpoint="https://s3.example.org"),
        place(bucket="my-radio-store", prefix="altavoz", endpoint="https://s3.example.com"),
        place(
            bucket="my-radio-store",
            prefix="altavoz",
            endpoint="https://s3.example.org",
            profile="else",
        ),
        place("folder", path="/srv/share"),
    ],
    ids=["no endpoint", "prefix", "bucket", "endpoint", "profile", "folder"],
)
def test_a_store_with_any_other_option_is_another_store(
    consents: Consents, tmp_path: Path, other: TargetSettings
) -> None:
    consents.allow(tmp_path / "one", BUCKET, today=DAY)
    assert not consents.allows(tmp_path / "one", other)
    # One for each workspace: who goes back to an earlier one is asked for it again.
    consents.allow(tmp_path / "one", other, today=DAY)
    assert not consents.allows(tmp_path / "one", BUCKET)


def test_leave_is_for_one_workspace(consents: Consents, tmp_path: Path) -> None:
    consents.allow(tmp_path / "one", BUCKET, today=DAY)
    assert not consents.allows(tmp_path / "two", BUCKET)
    consents.allow(tmp_path / "two", BUCKET, today=DAY)
    assert consents.forget(tmp_path / "one")
    assert not consents.forget(tmp_path / "one")
    assert consents.allows(tmp_path / "two", BUCKET)


def test_a_link_that_leads_elsewhere_than_before_is_another_store(
    consents: Consents, tmp_path: Path
) -> None:
    for name in ("one", "team", "stranger"):
        (tmp_path / name).mkdir()
    link = tmp_path / "one" / "share"
    link.symlink_to(tmp_path / "team")
    named = place("folder", path="share")  # as altavoz.toml says it
    consents.allow(tmp_path / "one", named, today=DAY)
    assert consents.allows(tmp_path / "one", named)
    link.unlink()
    link.symlink_to(tmp_path / "stranger")
    assert not consents.allows(tmp_path / "one", named)


def test_a_workspace_cannot_allow_itself(tmp_path: Path) -> None:
    root = tmp_path / "one"
    root.mkdir()
    Consents(root / "keys").allow(root, BUCKET, today=DAY)
    (root / "altavoz.toml").touch()
    with pytest.raises(ProductionError, match="may not lie in a workspace"):
        Consents(root / "keys").allows(root, BUCKET)
    with pytest.raises(ProductionError, match="may not lie in a workspace"):
        Consents(root / "keys").allow(root, BUCKET, today=DAY)


def test_a_file_that_others_may_change_is_not_believed(consents: Consents, tmp_path: Path) -> None:
    consents.allow(tmp_path / "one", BUCKET, today=DAY)
    (tmp_path / "keys" / STORES_FILE).chmod(0o666)
    with pytest.raises(ProductionError, match="other users of this machine"):
        consents.allows(tmp_path / "one", BUCKET)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b'{"format": "altavoz-stores/2", "stores": {}}',
        b'{"format": "altavoz-stores/1"}',
        b'{"format": "altavoz-stores/1", "stores": {"/one": "s3://x"}}',
        b'{"format": "altavoz-stores/1", "stores": {"/one": {"kind": "s3", "options": []}}}',
        b"[" * 100_000,
        b'"' + b"x" * (1 << 20) + b'"',
        b"\xff",
    ],
)
def test_a_damaged_file_is_told_and_allows_nothing(
    consents: Consents, tmp_path: Path, data: bytes
) -> None:
    consents.allow(tmp_path / "one", BUCKET, today=DAY)
    (tmp_path / "keys" / STORES_FILE).write_bytes(data)
    with pytest.raises(ProductionError, match="is damaged"):
        consents.allows(tmp_path / "one", BUCKET)
    with pytest.raises(ProductionError, match="is damaged"):
        consents.forget(tmp_path / "one")


def test_something_else_in_its_place_is_told(consents: Consents, tmp_path: Path) -> None:
    consents.allow(tmp_path / "one", BUCKET, today=DAY)
    (tmp_path / "keys" / STORES_FILE).unlink()
    (tmp_path / "keys" / STORES_FILE).mkdir()
    with pytest.raises(ProductionError):
        consents.allows(tmp_path / "one", BUCKET)
    shutil.rmtree(tmp_path / "keys" / STORES_FILE)
    assert not consents.allows(tmp_path / "one", BUCKET)


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    st.dictionaries(
        _texts,
        st.builds(
            Allowed,
            place=st.builds(
                TargetSettings,
                name=st.just("store"),
                kind=st.sampled_from(["folder", "s3"]),
                options=st.dictionaries(_texts, _texts, max_size=3),
            ),
            since=st.dates(),
        ),
        max_size=4,
    )
)
def test_what_was_allowed_is_read_as_it_was_written(allowed: dict[str, Allowed]) -> None:
    assert _parse(_render(allowed)) == allowed


def test_a_store_is_told_as_the_command_takes_it() -> None:
    assert told(BUCKET) == "s3://my-radio-store/altavoz"
    assert told(place(bucket="b", prefix="/a/")) == "s3://b/a"
    assert told(place("folder", path="/srv/share")) == "/srv/share"
    whole = told_whole(BUCKET)
    assert whole == "s3://my-radio-store/altavoz (endpoint https://s3.example.org)"


def test_what_a_stranger_wrote_moves_no_cursor() -> None:
    shown = told_whole(place(bucket="b", prefix="a\x1b[2J", endpoint="https://x" + "y" * 9_000))
    assert shown.isprintable()
    assert len(shown) < 1_000


def test_an_address_is_the_same_whatever_server_the_user_has_chosen(tmp_path: Path) -> None:
    bare = place(bucket="my-radio-store", prefix="altavoz/")
    assert is_same_address(bare, BUCKET)
    assert not is_same_address(place(bucket="my-radio-store"), BUCKET)
    (tmp_path / "share").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "share")
    one, two = (
        absolute(place("folder", path=name), tmp_path)
        for name in ("link", f"{tmp_path}/x/../share")
    )
    assert is_same_address(one, two)
    assert not is_same_address(one, bare)
