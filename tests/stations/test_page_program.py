"""The page's own digests and signatures, run in a real browser, against the standards."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator

import pytest

from stations.minisign import SecretKey
from stations.pack_page import PROGRAM, _program
from stations.templates import page_part
from tests.production.chromium import browser
from tests.strict import ToolFinder

pytestmark = pytest.mark.tools

VECTORS = (
    # RFC 8032, 7.1: TEST 1, 2, 3 and SHA(abc); key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
            "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
)
L = 2**252 + 27742317777372353535851937790883648493

LENGTHS = (0, 1, 3, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 255, 256, 257, 1000)

Call = Callable[[str], object]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    """Give a page in which the program's first parts are known by name."""
    parts = "\n".join(page_part(name) for name in PROGRAM[:4])
    names = "sha256, blake2b, ed25519, signedComment, fingerprint, utf8, hex"
    with browser(ToolFinder()("chromium"), tmp_path_factory.mktemp("profile")) as page:
        page.run(f"(() => {{ {parts}\nObject.assign(window, {{ {names} }}); }})()")
        page.run(
            "window.raw = (t) => new Uint8Array((t.match(/../g) || []).map((b) => parseInt(b, 16)))"
        )
        yield page.run


def test_digests_are_those_of_the_standards(run: Call) -> None:
    texts = [bytes(i * 7 % 256 for i in range(length)) for length in LENGTHS]
    given = json.dumps([one.hex() for one in texts])
    each = f"{given}.map(raw).map((d) => %s)"
    pieces = "(() => { const s = sha256(); s.add(d.subarray(0, 9)); s.add(d.subarray(9));"
    pieces += " return hex(s.digest()); })()"
    assert run(each % pieces) == [hashlib.sha256(one).hexdigest() for one in texts]
    assert run(each % "hex(blake2b(d))") == [hashlib.blake2b(one).hexdigest() for one in texts]
    sha512 = [hashlib.sha512(one).hexdigest() for one in texts]
    assert run(each % "hex(ed25519().sha512(d))") == sha512
    # RFC 7693, appendix A
    assert str(run("hex(blake2b(utf8('abc')))")).startswith("ba80a53f981c4d0d6a2797b69f12f6e9")


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_signatures_of_rfc_8032_are_good_and_any_other_bit_is_not(
    run: Call, key: str, message: str, signature: str
) -> None:
    def good(key: str, message: str, signature: str) -> object:
        return run(f"ed25519().verify(raw('{key}'), raw('{message}'), raw('{signature}'))")

    assert good(key, message, signature) is True
    assert good(key, message + "00", signature) is False
    for place in (0, 31, 32, 63):
        raw = bytearray.fromhex(signature)
        raw[place] ^= 1
        assert good(key, message, raw.hex()) is False
    other = bytearray.fromhex(key)
    other[3] ^= 4
    assert good(other.hex(), message, signature) is False
    # the same signature written otherwise (5.1.7: S must be below L)
    s = int.from_bytes(bytes.fromhex(signature)[32:], "little") + L
    assert good(key, message, signature[:64] + s.to_bytes(32, "little").hex()) is False
    assert good(key, message, signature[:-2]) is False
    # no point of the curve, and a y that is not below p
    assert good("02" + "00" * 31, message, signature) is False
    assert good("ff" * 31 + "7f", message, signature) is False


def test_what_minisign_s_format_signs_is_read_and_nothing_else(run: Call) -> None:
    for number in range(4):
        key = SecretKey.make(bytes((number * 40 + i) % 256 for i in range(40)))
        data = "Pídalo gratis: 800 5533 000".encode() * (number * 9 + 1)
        signature = key.sign(data, trusted="page=x – ñ", untrusted="u").decode()

        def comment(signature: str, data: bytes = data, key: SecretKey = key) -> object:
            values = json.dumps([data.hex(), signature, key.public.text])
            return run(f"((v) => signedComment(raw(v[0]), v[1], v[2]))({values})")

        assert comment(signature) == "page=x – ñ"
        assert comment(signature.replace("\n", "\r\n")) == "page=x – ñ"
        assert comment(signature, data + b" ") is None
        assert comment(signature.replace("page=x", "page=y")) is None
        assert comment(signature.replace("trusted comment: page", "trusted comment: Page")) is None
        assert comment("") is None
        assert comment(signature.replace("R", "%")) is None
        assert comment("\n".join(signature.splitlines()[:3])) is None
        # minisign's older format is not taken
        legacy = signature.splitlines()
        legacy[1] = "RWQ" + legacy[1][3:]
        assert comment("\n".join(legacy)) is None
        assert run(f"fingerprint({json.dumps(key.public.text)})") == key.public.fingerprint


def test_an_older_browser_can_read_the_program() -> None:
    whole = _program()
    # What came after ES2017 would stop it at the first line, and nothing would be told.
    for newer in (
        "?.",
        "??",
        "...",
        "catch{",
        ".at(",
        "matchAll",
        "replaceAll",
        "import(",
        ".flat",
    ):
        assert newer not in whole, newer
    assert re.search(r"\b\d+n\b", whole) is None
