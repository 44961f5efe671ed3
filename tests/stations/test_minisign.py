"""Signatures against RFC 8032's vectors and Debian's minisign, and every byte changed."""

import hashlib
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from programme.errors import ProductionError
from stations.minisign import (
    Fault,
    PublicKey,
    SecretKey,
    SignatureError,
    is_of_key,
    parse_signature,
    verify,
)
from stations.secret_keys import Lock, is_locked, parse_secret, render_secret
from tests.strict import ToolFinder

KEY = SecretKey.from_seed(bytes(range(32)), key_id=b"current!")
OTHER = SecretKey.from_seed(bytes(range(1, 33)), key_id=b"current!")
DATA = b'{"pack":"camino"}\n'
SIGNATURE = KEY.sign(DATA, trusted="pack=camino serial=1", untrusted="minisign -V")

# RFC 8032, 7.1: secret, public, message, signature
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_the_library_behind_signs_as_rfc_8032_says(
    secret: str, public: str, message: str, signature: str
) -> None:
    key = SecretKey.from_seed(bytes.fromhex(secret), key_id=bytes(8))
    assert key.public.key.hex() == public
    signed = Ed25519PrivateKey.from_private_bytes(key.seed).sign(bytes.fromhex(message))
    assert signed.hex() == signature


def test_the_format_is_that_of_the_notes() -> None:
    first, coded, comment, last, end = SIGNATURE.decode().split("\n")
    raw = b64decode(coded)
    assert (first, comment, end) == (
        "untrusted comment: minisign -V",
        "trusted comment: pack=camino serial=1",
        "",
    )
    assert (raw[:2], raw[2:10], len(raw)) == (b"ED", b"current!", 74)
    assert len(b64decode(last)) == 64
    hashed = hashlib.blake2b(DATA, digest_size=64).digest()
    assert raw[10:] == Ed25519PrivateKey.from_private_bytes(KEY.seed).sign(hashed)
    # the id is shown as a little-endian number
    assert KEY.public.name == b"current!"[::-1].hex().upper()
    assert KEY.public.text.startswith("RW")
    assert len(KEY.public.text) == 56


def test_one_signature_of_one_file_always_has_the_same_bytes() -> None:
    assert KEY.sign(DATA, trusted="pack=camino serial=1", untrusted="minisign -V") == SIGNATURE


def test_a_signature_verifies_with_lf_and_crlf_and_without_its_last_line_break() -> None:
    for text in (SIGNATURE, SIGNATURE.replace(b"\n", b"\r\n"), SIGNATURE.rstrip(b"\n")):
        signed = verify(DATA, text, [KEY.public])
        assert (signed.key, signed.trusted) == (KEY.public, "pack=camino serial=1")


def fault_of(data: bytes, signature: bytes, *keys: PublicKey) -> Fault:
    with pytest.raises(SignatureError) as caught:
        verify(data, signature, keys)
    return caught.value.fault


def test_another_file_another_key_and_another_comment_are_told_apart() -> None:
    assert fault_of(DATA + b" ", SIGNATURE, KEY.public) is Fault.FORGED
    assert fault_of(DATA, SIGNATURE.replace(b"serial=1", b"serial=2"), KEY.public) is Fault.FORGED
    assert fault_of(DATA, SIGNATURE, OTHER.public) is Fault.FORGED
    assert fault_of(DATA, SIGNATURE) is Fault.UNKNOWN_KEY
    stranger = SecretKey.from_seed(KEY.seed, key_id=b"stranger")
    assert fault_of(DATA, SIGNATURE, stranger.public) is Fault.UNKNOWN_KEY
    # of two keys with one id, the right one is found
    assert verify(DATA, SIGNATURE, [OTHER.public, KEY.public]).key == KEY.public


def test_a_signature_of_another_file_is_still_known_as_the_keys_own() -> None:
    assert is_of_key(SIGNATURE, [KEY.public])
    assert not is_of_key(SIGNATURE.replace(b"serial=1", b"serial=2"), [KEY.public])
    assert not is_of_key(SIGNATURE, [OTHER.public])


LINES = SIGNATURE.split(b"\n")
BAD = {
    "legacy": SIGNATURE.replace(LINES[1], b64encode(b"Ed" + b64decode(LINES[1])[2:])),
    "another algorithm": SIGNATURE.replace(LINES[1], b64encode(b"XX" + b64decode(LINES[1])[2:])),
    "short": SIGNATURE.replace(LINES[1], b64encode(b64decode(LINES[1])[:-1])),
    "long": SIGNATURE.replace(LINES[3], b64encode(b64decode(LINES[3]) + b"x")),
    "no base64": SIGNATURE.replace(LINES[1], b"*" + LINES[1][1:]),
    "spaces in base64": SIGNATURE.replace(LINES[1], LINES[1][:4] + b" " + LINES[1][4:]),
    "other spelling of base64": SIGNATURE.replace(LINES[3], LINES[3][:-3] + b"B=="),
    "one line more": SIGNATURE + b"x\n",
    "one line less": b"\n".join(LINES[:3]),
    "an empty line": b"\n" + SIGNATURE,
    "other prefix": SIGNATURE.replace(b"trusted comment: pack", b"comment: pack"),
    "lone CR": SIGNATURE.replace(b"serial=1", b"serial\r=1"),
    "NUL": SIGNATURE.replace(b"serial=1", b"serial\x00=1"),
    "line separator": SIGNATURE.replace(b"serial=1", "serial\u2028=1".encode()),
    "not UTF-8": SIGNATURE.replace(b"serial=1", b"serial\xff=1"),
    "empty": b"",
    "endless": SIGNATURE.replace(b"minisign -V", b"x" * 20_000),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_not_in_the_format_is_refused(case: str) -> None:
    if case == "other spelling of base64":
        assert BAD[case] != SIGNATURE
    assert fault_of(DATA, BAD[case], KEY.public) is Fault.MALFORMED


@given(st.integers(0, len(SIGNATURE) - 1), st.integers(1, 255))
def test_a_signature_with_any_byte_changed_is_refused_or_says_the_same(
    place: int, change: int
) -> None:
    mutated = bytearray(SIGNATURE)
    mutated[place] ^= change
    try:
        signed = verify(DATA, bytes(mutated), [KEY.public])
    except SignatureError:
        return
    # the first line proves nothing, and nobody reads it
    assert place <= len(LINES[0])
    assert signed.trusted == "pack=camino serial=1"


@given(st.binary(max_size=400))
def test_no_bytes_end_in_anything_but_an_answer(noise: bytes) -> None:
    with pytest.raises(SignatureError):
        parse_signature(noise)


@pytest.mark.parametrize("comment", ["a\nb", "a\rb", "a\x00b", "a\u2028b", "x" * 9_000])
def test_a_comment_that_would_not_be_read_back_is_not_signed(comment: str) -> None:
    with pytest.raises(ValueError, match="comment"):
        KEY.sign(DATA, trusted=comment, untrusted="")
    with pytest.raises(ValueError, match="comment"):
        KEY.sign(DATA, trusted="", untrusted=comment)


def test_keys_are_read_as_a_line_and_as_a_file() -> None:
    rendered = KEY.public.render().decode()
    for text in (
        KEY.public.text,
        f" {KEY.public.text}\n",
        rendered,
        rendered.replace("\n", "\r\n"),
    ):
        assert PublicKey.parse(text) == KEY.public
    for text in ("", "RW", KEY.public.text[:-1], "x\n" + KEY.public.text, rendered * 2, "RX" * 28):
        with pytest.raises(SignatureError):
            PublicKey.parse(text)


@pytest.mark.parametrize(
    "point",
    [
        bytes(32),
        b"\x01" + bytes(31),
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
        bytes.fromhex("ec" + "ff" * 30 + "7f"),
        bytes.fromhex("ee" + "ff" * 30 + "7f"),
    ],
)
def test_a_key_for_which_anybody_can_sign_is_refused(point: bytes) -> None:
    with pytest.raises(SignatureError, match="weak"):
        PublicKey(id=bytes(8), key=point)


def test_a_fingerprint_changes_with_the_key_and_with_its_id() -> None:
    found = {KEY.public.fingerprint, OTHER.public.fingerprint}
    found.add(PublicKey(id=bytes(8), key=KEY.public.key).fingerprint)
    assert len(found) == 3
    assert all(len(one) == 47 and one.replace(" ", "").isdigit() for one in found)


def test_nothing_prints_a_secret() -> None:
    assert KEY.seed.hex() not in repr(KEY)
    assert repr(KEY.seed) not in repr(KEY)


# Secret key files

PASSWORD = "pw, mañana"  # noqa: S105
QUICK = Lock(password=PASSWORD, salt=bytes(range(90, 122)), memory_bytes=1 << 20)


def test_a_secret_key_comes_back_from_its_file_with_a_password_and_without() -> None:
    plain, locked = render_secret(KEY).decode(), render_secret(KEY, QUICK).decode()
    assert (is_locked(plain), is_locked(locked)) == (False, True)
    assert parse_secret(plain) == parse_secret(locked, password=PASSWORD) == KEY
    assert KEY.seed not in b64decode(locked.split("\n")[1])


def test_a_wrong_password_and_none_are_said_in_words() -> None:
    locked = render_secret(KEY, QUICK).decode()
    with pytest.raises(ProductionError, match="wrong"):
        parse_secret(locked, password=PASSWORD + "x")
    with pytest.raises(ProductionError, match="password"):
        parse_secret(locked)


@given(st.integers(0, 157), st.integers(1, 255))
def test_a_damaged_secret_key_never_signs_as_another(place: int, change: int) -> None:
    head, coded, _ = render_secret(KEY).decode().split("\n")
    raw = bytearray(b64decode(coded))
    raw[place] ^= change
    try:
        found = parse_secret(f"{head}\n{b64encode(raw).decode()}\n")
    except (SignatureError, ProductionError):
        return
    # its id, or what minisign leaves empty without a password
    assert found.public.key == KEY.public.key


def test_a_key_file_that_asks_for_all_memory_is_not_opened() -> None:
    head, coded, _ = render_secret(KEY, QUICK).decode().split("\n")
    raw = bytearray(b64decode(coded))
    raw[38:54] = b"\xff" * 16
    with pytest.raises(SignatureError, match="memory"):
        parse_secret(f"{head}\n{b64encode(raw).decode()}\n", password=PASSWORD)


# Debian's minisign


def run(*command: str | Path, said: str = "") -> str:
    done = subprocess.run(
        [str(part) for part in command], input=said, capture_output=True, text=True, check=False
    )
    return f"{done.returncode} {done.stdout}"


@pytest.mark.tools
def test_minisign_verifies_ours_and_refuses_what_was_changed(
    tmp_path: Path, tool: ToolFinder
) -> None:
    minisign, file = tool("minisign"), tmp_path / "pack.json"
    file.write_bytes(DATA)
    signature = tmp_path / "pack.json.minisig"
    signature.write_bytes(SIGNATURE)
    (tmp_path / "k.pub").write_bytes(KEY.public.render())
    for key in (("-P", KEY.public.text), ("-p", str(tmp_path / "k.pub"))):
        said = run(minisign, "-V", *key, "-m", file)
        assert said.startswith("0 ")
        assert "Trusted comment: pack=camino serial=1" in said
    signature.write_bytes(SIGNATURE.replace(b"serial=1", b"serial=2"))
    assert run(minisign, "-V", "-P", KEY.public.text, "-m", file)[:2] == "1 "
    signature.write_bytes(SIGNATURE)
    file.write_bytes(DATA + b" ")
    assert run(minisign, "-V", "-P", KEY.public.text, "-m", file)[:2] == "1 "


@pytest.mark.tools
def test_what_minisign_signs_verifies_here_and_its_legacy_format_does_not(
    tmp_path: Path, tool: ToolFinder
) -> None:
    minisign, file = tool("minisign"), tmp_path / "pack.json"
    file.write_bytes(DATA)
    public, secret = tmp_path / "k.pub", tmp_path / "k.key"
    assert run(minisign, "-G", "-W", "-p", public, "-s", secret)[:2] == "0 "
    key = PublicKey.parse(public.read_text())
    assert parse_secret(secret.read_text()).public == key
    assert (
        render_secret(parse_secret(secret.read_text())).split(b"\n")[1]
        == (secret.read_bytes().split(b"\n")[1])
    )
    assert run(minisign, "-S", "-s", secret, "-m", file, "-t", "año 1")[:2] == "0 "
    made = (tmp_path / "pack.json.minisig").read_bytes()
    assert verify(DATA, made, [key]).trusted == "año 1"
    assert run(minisign, "-S", "-l", "-s", secret, "-m", file, "-t", "1")[:2] == "0 "
    assert fault_of(DATA, (tmp_path / "pack.json.minisig").read_bytes(), key) is Fault.MALFORMED


@pytest.mark.tools
def test_minisign_signs_with_our_key_files_with_a_password_and_without(
    tmp_path: Path, tool: ToolFinder
) -> None:
    minisign, file = tool("minisign"), tmp_path / "pack.json"
    file.write_bytes(DATA)
    for number, lock in enumerate((None, QUICK)):
        secret = tmp_path / f"{number}.key"
        secret.write_bytes(render_secret(KEY, lock))
        done = run(
            minisign, "-S", "-s", secret, "-m", file, "-t", str(number), said=f"{PASSWORD}\n"
        )
        assert done[:2] == "0 "
        made = (tmp_path / "pack.json.minisig").read_bytes()
        assert verify(DATA, made, [KEY.public]).trusted == str(number)


MINISIGNS_OWN = (
    "untrusted comment: minisign encrypted secret key\n"
    "RWRTY0Iy4fNk0lFWiKCbTnsqy2JyofMiKcf73HfzKaMY3PeChnMAAAACAAAAAAAAAEAAAAAAd71PmM+YlUDDyTpNAJ"
    "dwTs9V3XpklaXUDQhE5FGM4cHx+Qtt0Hhdn3RWGzDnQ9jJ5kVRG9jACGWbm3Ll/kOcecUGlJ1TZkvGA9eBnYx9cEPx"
    "/O24u74YQwYQZn/31TLsmiTw/0/K7b0=\n"
)
"""Made by minisign 0.11 with the password pw, for this test alone."""


@pytest.mark.slow
def test_a_key_that_minisign_locked_opens_with_its_password() -> None:
    # 1 GiB and some seconds, which is what minisign takes
    found = parse_secret(MINISIGNS_OWN, password=PASSWORD[:2])
    assert found.public.text == "RWSmv2cdqeJ1P+d0ljGpXHkL1Qo4pcsugPz2wbIA3DW2qXkvE2LM2eSG"
