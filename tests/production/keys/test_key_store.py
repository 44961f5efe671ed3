"""Keys in the user's own folder: who reads them, where they lie, what a rotation does."""

import os
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.keys.making import (
    RANDOM_BYTES,
    KeyOrder,
    make_keys,
    replace_standby,
    rotate_keys,
)
from production.keys.signing import find_signer
from production.keys.signing_table import with_signing_keys, write_signing_keys
from production.keys.store import KeyStore, keys_folder
from production.packs.trust import (
    read_trust,
)
from programme.errors import ProductionError
from programme.network import Network
from stations.minisign import SecretKey, verify
from tests.production.running import read
from tests.production.small import FILES, write_small
from tests.stations.signed_packs import KEY, STANDBY, THIEF, TODAY
from tests.strict import ToolFinder

HOME = Path("/users/ana")


def nobody(what: str) -> str:
    raise AssertionError(f"asked for the password of {what}")


@pytest.mark.parametrize(
    ("environment", "system", "folder"),
    [
        ({}, "linux", "/users/ana/.config/altavoz"),
        ({"XDG_CONFIG_HOME": "/conf"}, "linux", "/conf/altavoz"),
        ({"XDG_CONFIG_HOME": "conf"}, "linux", "/users/ana/.config/altavoz"),
        ({}, "darwin", "/users/ana/Library/Application Support/altavoz"),
        ({"APPDATA": "/roaming"}, "win32", "/roaming/altavoz"),
        ({}, "win32", "/users/ana/AppData/Roaming/altavoz"),
        ({"ALTAVOZ_KEYS": "/safe/keys", "XDG_CONFIG_HOME": "/conf"}, "linux", "/safe/keys"),
    ],
)
def test_the_folder_is_the_users_own(environment: dict[str, str], system: str, folder: str) -> None:
    assert keys_folder(environment, system=system, home=HOME) == Path(folder)


def test_a_folder_that_is_no_whole_path_is_refused() -> None:
    with pytest.raises(ProductionError, match="whole path"):
        keys_folder({"ALTAVOZ_KEYS": "keys"}, system="linux", home=HOME)


def test_a_key_is_written_for_its_owner_alone_and_read_back(tmp_path: Path) -> None:
    store = KeyStore(folder=tmp_path / "conf" / "altavoz")
    old = os.umask(0)
    try:
        path = store.add(KEY, None)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert store.open(KEY.public, nobody) == KEY
    assert store.public_keys() == (KEY.public,)
    with pytest.raises(ProductionError, match="no key is ever overwritten"):
        store.add(KEY, None)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602])
def test_a_key_that_others_can_read_is_not_used(mode: int, tmp_path: Path) -> None:
    store = KeyStore(folder=tmp_path)
    tmp_path.chmod(0o700)
    store.add(KEY, None).chmod(mode)
    with pytest.raises(ProductionError, match="other users") as caught:
        store.open(KEY.public, nobody)
    assert "chmod 600" in caught.value.remedy


@pytest.mark.parametrize("mark", ["altavoz.toml", ".git"])
def test_keys_never_lie_in_a_workspace_or_a_git_checkout(mark: str, tmp_path: Path) -> None:
    (tmp_path / mark).touch()
    store = KeyStore(folder=tmp_path / "deep" / "keys")
    with pytest.raises(ProductionError, match="may not lie"):
        store.add(KEY, None)
    assert not store.folder.exists()
    # nor by a link from outside
    outside = tmp_path.parent / f"{tmp_path.name}-link"
    outside.symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(ProductionError, match="may not lie"):
        KeyStore(folder=outside / "keys").add(KEY, None)


def test_a_file_with_another_key_than_its_name_says_signs_nothing(tmp_path: Path) -> None:
    store = KeyStore(folder=tmp_path / "k")
    other = SecretKey.from_seed(THIEF.seed, key_id=KEY.public.id)
    store.add(other, None)
    with pytest.raises(ProductionError, match="another key"):
        store.open(KEY.public, nobody)


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe", b"x" * 10_000])
def test_a_broken_key_file_is_named(content: bytes, tmp_path: Path) -> None:
    store = KeyStore(folder=tmp_path / "k")
    store.add(KEY, None).write_bytes(content)
    with pytest.raises(ProductionError) as caught:
        store.open(KEY.public, nobody)
    assert str(store.path(KEY.public)) in caught.value.where


# Making and rotating


@pytest.fixture
def order(tmp_path: Path) -> KeyOrder:
    root = write_small(tmp_path / "ws")
    return order_of(root, tmp_path / "keys", seed=1)


def order_of(root: Path, keys: Path, *, seed: int) -> KeyOrder:
    return KeyOrder(
        root=root,
        network=network_of(root),
        store=KeyStore(folder=keys),
        random=bytes((seed * 31 + place) % 256 for place in range(RANDOM_BYTES)),
        password=None,
        standby_to=None,
        today=TODAY,
        lock_bytes=1 << 20,
    )


def network_of(root: Path) -> Network:
    return read(root).network


def again(order: KeyOrder, seed: int) -> KeyOrder:
    return order_of(order.root, order.store.folder, seed=seed)


def test_new_makes_two_keys_and_the_network_signs_with_the_first(order: KeyOrder) -> None:
    assert find_signer(order.network, order.store, nobody) is None
    made = make_keys(order)
    network = network_of(order.root)
    assert network.signing_keys == tuple(key.text for key in made.keys)
    assert len(set(made.keys)) == 2
    signer = find_signer(network, order.store, nobody)
    assert signer is not None
    assert signer.public == made.keys[0]
    assert made.standby.parent.name == "standby"
    trust = read_trust(order.store.folder)
    assert [(one.publisher, one.key) for one in trust.keys] == [("small", key) for key in made.keys]
    with pytest.raises(ProductionError, match="already"):
        make_keys(again(order, 2))


def test_no_secret_comes_into_the_workspace(order: KeyOrder) -> None:
    made = make_keys(order)
    rotate_keys(again(order, 2), standby=None, ask=nobody)
    secrets = [path.read_bytes() for path in order.store.folder.rglob("*.key")]
    assert len(secrets) == 3
    assert made.secret.name in {path.name for path in order.store.folder.rglob("*.key")}
    for path in order.root.rglob("*"):
        held = path.read_bytes() if path.is_file() else b""
        assert not any(secret.split(b"\n")[1] in held for secret in secrets)


def test_the_standby_goes_to_a_stick_at_once(order: KeyOrder, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    with pytest.raises(ProductionError, match="no folder"):
        make_keys(replace(order, standby_to=stick))
    stick.mkdir()
    made = make_keys(replace(order, standby_to=stick))
    assert made.standby.parent == stick
    assert not made.standby_is_here
    assert len(list(order.store.folder.rglob("*.key"))) == 1


def test_a_rotation_needs_the_standby_and_names_where_it_looked(
    order: KeyOrder, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    made = make_keys(replace(order, standby_to=stick))
    with pytest.raises(ProductionError, match="not on this machine"):
        rotate_keys(again(order, 2), standby=None, ask=nobody)
    with pytest.raises(ProductionError, match="another key"):
        rotate_keys(again(order, 2), standby=made.secret, ask=nobody)
    assert network_of(order.root).signing_keys[0] == made.keys[0].text
    # a FAT stick knows no owners
    made.standby.chmod(0o755)
    turned = rotate_keys(again(order, 2), standby=made.standby, ask=nobody)
    assert turned.keys[0] == made.keys[1]


def test_a_rotation_moves_the_standby_up_and_tells_stations(order: KeyOrder) -> None:
    made = make_keys(order)
    turned = rotate_keys(again(order, 2), standby=None, ask=nobody)
    assert (turned.keys[0], turned.retired) == (made.keys[1], made.keys[0])
    network = network_of(order.root)
    signer = find_signer(network, order.store, nobody)
    assert signer is not None
    assert signer.public == made.keys[1]
    kept = {path.relative_to(order.store.folder).as_posix() for path in turned_keys(order)}
    assert kept == {
        f"{made.keys[1].name}.key",
        f"standby/{turned.keys[1].name}.key",
        f"retired/{made.keys[0].name}.key",
    }
    trusted = [one.key for one in read_trust(order.store.folder).keys]
    assert trusted == list(turned.keys)
    letter = next(path for path in turned.papers if path.suffix == ".txt")
    signature = letter.with_name(f"{letter.name}.minisig")
    # by the key that stations were given as the standby
    signed = verify(letter.read_bytes(), signature.read_bytes(), [made.keys[1]])
    assert signed.trusted == "keys=small issued=2026-11-24"
    for key in (*turned.keys, made.keys[0]):
        assert key.text in letter.read_text(encoding="utf-8")


def turned_keys(order: KeyOrder) -> list[Path]:
    return list(order.store.folder.rglob("*.key"))


def test_a_lost_standby_is_replaced_and_the_current_key_goes_on(order: KeyOrder) -> None:
    made = make_keys(order)
    made.standby.unlink()
    told = replace_standby(again(order, 3), ask=nobody)
    assert told.keys[0] == made.keys[0]
    assert told.retired == made.keys[1]
    letter = next(path for path in told.papers if path.suffix == ".txt")
    signature = letter.with_name(f"{letter.name}.minisig").read_bytes()
    assert verify(letter.read_bytes(), signature, [made.keys[0]]).key == made.keys[0]
    assert "-p small-current.pub" in letter.read_text(encoding="utf-8")
    # A second change on one day takes nothing of what may not be sent yet.
    before = letter.read_bytes()
    again_told = replace_standby(again(order, 4), ask=nobody)
    second = next(path for path in again_told.papers if path.suffix == ".txt")
    assert letter.read_bytes() == before
    assert second.name == "key-change-2026-11-24-2.txt"
    assert "minisign -Vm key-change-2026-11-24-2.txt -p" in second.read_text(encoding="utf-8")
    # Where both keys are lost, all begins anew, and no letter of the old keys stays.
    path = order.root / "altavoz.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("[signing]")], encoding="utf-8")
    anew = make_keys(again(order, 5))
    assert not set(anew.keys) & set(again_told.keys)
    assert sorted(one.suffix for one in second.parent.iterdir()) == [".pub", ".pub"]


@pytest.mark.tools
def test_the_letter_is_checked_with_minisign_and_the_file_given_before(
    order: KeyOrder, tool: ToolFinder, tmp_path: Path
) -> None:
    first = make_keys(order)
    given_before = tmp_path / "small-standby.pub"
    given_before.write_bytes(first.papers[1].read_bytes())
    letter = next(
        path
        for path in rotate_keys(again(order, 2), standby=None, ask=nobody).papers
        if path.suffix == ".txt"
    )
    command = [tool("minisign"), "-V", "-m", str(letter), "-p", str(given_before)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_a_key_with_a_password_is_asked_for_once_and_stays_closed(order: KeyOrder) -> None:
    asked: list[str] = []

    def ask(what: str) -> str:
        asked.append(what)
        return "año nuevo"

    made = make_keys(replace(order, password="año nuevo"))  # noqa: S106
    signer = find_signer(network_of(order.root), order.store, ask)
    assert signer is not None
    assert len(asked) == 1
    turned = rotate_keys(again(order, 2), standby=None, ask=ask)
    assert len(asked) == 2
    assert turned.keys[0] == made.keys[1]
    # what came back keeps its password
    with pytest.raises(ProductionError, match="wrong"):
        find_signer(network_of(order.root), order.store, lambda what: what)


def test_where_the_secret_is_elsewhere_signing_is_refused_with_a_way_out(order: KeyOrder) -> None:
    made = make_keys(order)
    made.secret.unlink()
    with pytest.raises(ProductionError, match="not on this machine") as caught:
        find_signer(network_of(order.root), order.store, nobody)
    assert "--unsigned" in caught.value.remedy


# altavoz.toml

PLAIN = FILES["altavoz.toml"].lstrip("\n")


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.rstrip("\n"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN + '\n[signing]\nkeys = ["RWold"]\n',
        PLAIN
        + '\n[signing] # ours\n# old: ]\nkeys = [ # now ]\n  "RWold", # x\n  "RWb",\n]\n\n[x]\n',
        PLAIN + "\n[signing]\n",
        '[signing]\nkeys = []\n[voices.es]\nkeys = ["x"]\n',
    ],
)
def test_only_the_keys_change_in_altavoz_toml(text: str, tmp_path: Path) -> None:
    path = tmp_path / "altavoz.toml"
    path.write_bytes(text.encode())
    write_signing_keys(tmp_path, [KEY.public, STANDBY.public])
    once = path.read_bytes()
    assert once.decode().count(KEY.public.text) == 1
    head = text.partition("[signing]")[0]
    assert once.decode().startswith(head)
    assert ("\r\n" in text) == (b"\r\n" in once)
    assert b"\n" not in once.replace(b"\r\n", b"") or "\r\n" not in text
    write_signing_keys(tmp_path, [KEY.public, STANDBY.public])
    assert path.read_bytes() == once


@pytest.mark.parametrize(
    "text",
    [
        'signing = {keys = ["RWold"]}\n',
        'signing.keys = ["RWold"]\n[network]\nid = "x"\n',
        "[signing]\nkeys = ['''a\n]''']\n",
        "[signing\n",
    ],
)
def test_a_table_that_is_written_otherwise_is_left_to_its_owner(text: str, tmp_path: Path) -> None:
    path = tmp_path / "altavoz.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProductionError, match="cannot be changed") as caught:
        write_signing_keys(tmp_path, [KEY.public])
    assert KEY.public.text in caught.value.remedy
    assert path.read_text(encoding="utf-8") == text


@given(st.text(alphabet='[]signkey="#\n ', max_size=60))
def test_no_text_of_altavoz_toml_makes_it_grow_by_more_than_the_table(text: str) -> None:
    new = with_signing_keys(text, [KEY.public])
    assert KEY.public.text in new
    assert len(new) <= len(text) + 100
