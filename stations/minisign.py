"""Signatures in minisign's prehashed format: Ed25519 over the BLAKE2b-512 of a file.

A station without Altavoz checks what was signed here with ``minisign -V``, and what ``minisign -S``
signed is checked here; https://jedisct1.github.io/minisign/ has the format. A signature is four
lines: an untrusted comment, which proves nothing; the signature of the file; the trusted comment;
and a signature of both, so that nobody changes the trusted comment alone.

The older format ("Ed", not prehashed) is refused: what was signed in one must not be read as the
other. Secret key files are in ``stations.secret_keys``.
"""

import binascii
import hashlib
from base64 import b64decode, b64encode
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

UNTRUSTED = "untrusted comment: "
TRUSTED = "trusted comment: "

MAX_SIGNATURE_BYTES = 10_000
"""minisign itself reads comments of at most 1,024 and 8,192 bytes."""

_MAX_UNTRUSTED_BYTES, _MAX_TRUSTED_BYTES = 900, 8_000
_KEY, _LEGACY, _PREHASHED = b"Ed", b"Ed", b"ED"
_ID_BYTES, _KEY_BYTES, _SIGNATURE_BYTES = 8, 32, 64

_PRIME = 2**255 - 19
_SMALL_ORDER = frozenset(
    {
        0,
        1,
        _PRIME - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        _PRIME - 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    }
)
"""The y of the points of small order (RFC 8032, 5.1): under such a key anybody can sign."""


class Fault(StrEnum):
    """Why something is no good signature."""

    MALFORMED = "malformed"
    """It is not in minisign's format, or in the older one."""
    UNKNOWN_KEY = "unknown-key"
    """None of the keys has the id that it names."""
    FORGED = "forged"
    """The key did not sign this file, or not with this trusted comment."""


class SignatureError(ValueError):
    """A signature, or a key, that cannot be accepted.

    Attributes:
        fault: which way it is wrong.
        problem: the same in words, without the file's name.
    """

    def __init__(self, fault: Fault, problem: str) -> None:
        super().__init__(problem)
        self.fault = fault
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key with the id that signatures name it by."""

    id: bytes
    """8 bytes that whoever made the key chose freely: they find a key, and prove nothing."""
    key: bytes
    """32 bytes, Ed25519 (RFC 8032)."""

    def __post_init__(self) -> None:
        """Refuse what is no key, and keys under which anybody can sign.

        Raises:
            SignatureError: MALFORMED.
        """
        if len(self.id) != _ID_BYTES or len(self.key) != _KEY_BYTES:
            raise _malformed("a public key has another length")
        height = int.from_bytes(self.key, "little") & ((1 << 255) - 1)
        if height >= _PRIME or height in _SMALL_ORDER:
            raise _malformed("this public key is weak: anybody could sign for it")

    @property
    def text(self) -> str:
        """The key as one line that begins with RW, as ``minisign -P`` takes it."""
        return b64encode(_KEY + self.id + self.key).decode("ascii")

    @property
    def name(self) -> str:
        """The id as minisign shows it: 16 upper-case hexadecimal digits, without leading zeros."""
        return f"{int.from_bytes(self.id, 'little'):X}"

    @property
    def fingerprint(self) -> str:
        """40 decimal digits in groups of five, to be compared aloud; made of all of the key."""
        number = int.from_bytes(hashlib.sha256(_KEY + self.id + self.key).digest(), "big")
        digits = f"{number % 10**40:040d}"
        return " ".join(digits[place : place + 5] for place in range(0, 40, 5))

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """Read a key: the line that begins with RW, or minisign's file of two lines.

        Raises:
            SignatureError: MALFORMED.
        """
        lines = _lines(text.strip("\r\n\t "))
        if len(lines) == 2 and lines[0].startswith(UNTRUSTED):
            lines = lines[1:]
        if len(lines) != 1:
            raise _malformed("this is no minisign public key")
        raw = decode_line(lines[0].strip(), 2 + _ID_BYTES + _KEY_BYTES, "public key")
        if raw[:2] != _KEY:
            raise _malformed("this public key is of another kind than Ed25519")
        return cls(id=raw[2:10], key=raw[10:])

    def render(self) -> bytes:
        """Give minisign's file of the key."""
        return f"{UNTRUSTED}minisign public key {self.name}\n{self.text}\n".encode("ascii")


class Signer(Protocol):
    """Whoever can sign for one public key."""

    @property
    def public(self) -> PublicKey:
        """The key that verifies."""
        ...

    def sign(self, data: bytes, *, trusted: str, untrusted: str) -> bytes:
        """Give the content of the ``.minisig`` file; the same bytes for the same arguments.

        Raises:
            ValueError: a comment has a line break, another control character, or is too long.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretKey:
    """A secret key in memory: a Signer. Never printed, never part of a fingerprint."""

    public: PublicKey
    seed: bytes = field(repr=False)
    """32 bytes (RFC 8032, 5.1.5)."""

    @classmethod
    def make(cls, random: bytes) -> "SecretKey":
        """Make a key from 40 random bytes: 8 become its id, 32 its secret."""
        if len(random) != _ID_BYTES + _KEY_BYTES:
            raise ValueError("a key is made from 40 random bytes")
        return cls.from_seed(random[_ID_BYTES:], key_id=random[:_ID_BYTES])

    @classmethod
    def from_seed(cls, seed: bytes, *, key_id: bytes) -> "SecretKey":
        """Give the key of a seed of 32 bytes."""
        key = _private_key(seed).public_key().public_bytes_raw()
        return cls(public=PublicKey(id=key_id, key=key), seed=seed)

    def sign(self, data: bytes, *, trusted: str, untrusted: str) -> bytes:
        """See ``Signer``."""
        check_comment(untrusted, longest=_MAX_UNTRUSTED_BYTES)
        check_comment(trusted, longest=_MAX_TRUSTED_BYTES)
        key = _private_key(self.seed)
        signed = key.sign(_prehash(data))
        whole = key.sign(signed + trusted.encode("utf-8"))
        first = b64encode(_PREHASHED + self.public.id + signed).decode("ascii")
        last = b64encode(whole).decode("ascii")
        return f"{UNTRUSTED}{untrusted}\n{first}\n{TRUSTED}{trusted}\n{last}\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a ``.minisig`` file claims; nothing of it is proven."""

    key_id: bytes
    signed: bytes
    """64 bytes over the hash of the file."""
    trusted: str
    whole: bytes
    """64 bytes over ``signed`` and ``trusted``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a good signature proves."""

    key: PublicKey
    """Who signed: one of the keys that were given."""
    trusted: str
    """The trusted comment."""


def verify(data: bytes, signature: bytes, keys: Collection[PublicKey]) -> Signed:
    """Check a signature of bytes.

    Args:
        data: all of the file.
        signature: all of its ``.minisig`` file.
        keys: the only ones that may have signed.

    Raises:
        SignatureError: by its fault, see there.
    """
    found = parse_signature(signature)
    named = [key for key in keys if key.id == found.key_id]
    if not named:
        name = f"{int.from_bytes(found.key_id, 'little'):X}"
        raise SignatureError(Fault.UNKNOWN_KEY, f"it was signed with an unknown key {name}")
    for key in named:
        if _is_good(key, _prehash(data), found):
            return Signed(key=key, trusted=found.trusted)
    raise SignatureError(Fault.FORGED, "the signature does not belong to this file")


def is_of_key(signature: bytes, keys: Collection[PublicKey]) -> bool:
    """Tell whether one of the keys made a signature, of whatever file.

    So a signature that lies beside the wrong file is told from one that somebody made up.

    Raises:
        SignatureError: MALFORMED.
    """
    found = parse_signature(signature)
    whole = found.signed + found.trusted.encode("utf-8")
    return any(key.id == found.key_id and _signed(key, found.whole, whole) for key in keys)


def _is_good(key: PublicKey, hashed: bytes, found: Signature) -> bool:
    whole = found.signed + found.trusted.encode("utf-8")
    return _signed(key, found.signed, hashed) and _signed(key, found.whole, whole)


def _signed(key: PublicKey, signature: bytes, data: bytes) -> bool:
    # Where it is used: packs that nobody signs need none of it.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _private_key(seed: bytes) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed)


def parse_signature(signature: bytes) -> Signature:
    """Read a ``.minisig`` file; LF or CRLF.

    Raises:
        SignatureError: MALFORMED.
    """
    if len(signature) > MAX_SIGNATURE_BYTES:
        raise _malformed("the signature file is too long")
    try:
        lines = _lines(signature.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _malformed("the signature file is not UTF-8") from error
    if lines[-1] == "":
        lines.pop()
    if len(lines) != 4 or not lines[0].startswith(UNTRUSTED) or not lines[2].startswith(TRUSTED):
        raise _malformed("the signature file has not the four lines of minisign")
    trusted = lines[2].removeprefix(TRUSTED)
    if has_controls(lines[0] + trusted):
        raise _malformed("a comment in the signature file has control characters")
    raw = decode_line(lines[1], 2 + _ID_BYTES + _SIGNATURE_BYTES, "signature")
    if raw[:2] == _LEGACY:
        raise _malformed("it was signed in minisign's older format (-l); sign without -l")
    if raw[:2] != _PREHASHED:
        raise _malformed("it was signed in a format that is not minisign's")
    whole = decode_line(lines[3], _SIGNATURE_BYTES, "signature of the comment")
    return Signature(key_id=raw[2:10], signed=raw[10:], trusted=trusted, whole=whole)


def decode_line(line: str, length: int, what: str) -> bytes:
    """Read one line of base64 that stands for so many bytes, in its one right spelling.

    Raises:
        SignatureError: MALFORMED.
    """
    try:
        raw = b64decode(line.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise _malformed(f"the {what} is not base64") from error
    if b64encode(raw).decode("ascii") != line:
        raise _malformed(f"the {what} is not base64 as it is written")
    if len(raw) != length:
        raise _malformed(f"the {what} has {len(raw)} bytes, not {length}")
    return raw


def check_comment(comment: str, *, longest: int) -> None:
    """Refuse a comment that minisign would not read back as it is.

    Raises:
        ValueError: see ``Signer.sign``.
    """
    if has_controls(comment):
        raise ValueError("a comment of a signature may have no line break or control character")
    if len(comment.encode("utf-8")) > longest:
        raise ValueError(f"a comment of a signature has more than {longest} bytes")


def has_controls(text: str) -> bool:
    """Tell whether a text has control characters or line breaks of any kind."""
    return any(not char.isprintable() and char != " " for char in text)


def _lines(text: str) -> list[str]:
    """Give the lines without their LF or CRLF; a lone CR is no line break."""
    return [line.removesuffix("\r") for line in text.split("\n")]


def _prehash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=64).digest()


def _malformed(problem: str) -> SignatureError:
    return SignatureError(Fault.MALFORMED, problem)
