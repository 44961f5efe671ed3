"""Secret keys in minisign's own file format, with a password or without.

So a key that was made here signs with ``minisign -S -s FILE``, and one of minisign's signs here.
The file is a comment and one line of base64 over 158 bytes: "Ed", how the password becomes a key
("Sc" for scrypt, zeros for no password), "B2", 32 bytes of salt, scrypt's two limits of libsodium,
then id, secret and public key and a BLAKE2b-256 of them, all three XORed with what scrypt gives.
"""

import hashlib
from base64 import b64encode
from dataclasses import dataclass

from programme.errors import ProductionError
from stations.minisign import UNTRUSTED, Fault, SecretKey, SignatureError, decode_line

MAX_SECRET_FILE_BYTES = 4_096

_SIZE = 158
_HEAD, _SALT, _LIMITS, _BODY = slice(0, 6), slice(6, 38), slice(38, 54), slice(54, 158)
_OPEN, _LOCKED = b"Ed\x00\x00B2", b"EdScB2"
_BODY_BYTES = 104
_MAX_MEMORY_BYTES = 1 << 30
"""What minisign itself uses; a file that asks for more is not opened."""


LOCK_BYTES = 1 << 28
"""What trying one password costs, a power of two: 256 MiB, which small computers have. minisign
takes 1 GiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """How a secret key is closed with a password."""

    password: str
    salt: bytes
    """32 random bytes."""
    memory_bytes: int = LOCK_BYTES
    """See there."""


def is_locked(text: str) -> bool:
    """Tell whether a secret key file needs a password.

    Raises:
        SignatureError: it is no secret key file of minisign.
    """
    return _raw(text)[_HEAD] == _LOCKED


def parse_secret(text: str, *, password: str | None = None) -> SecretKey:
    """Read a secret key file.

    Args:
        text: all of the file.
        password: None where it has none.

    Raises:
        SignatureError: it is no secret key file of minisign, or is damaged.
        ProductionError: the password is missing or wrong.
    """
    raw = _raw(text)
    body = raw[_BODY]
    if raw[_HEAD] == _LOCKED:
        if password is None:
            raise ProductionError(
                "this secret key has a password", remedy="run the command where it can be typed"
            )
        body = _xored(body, _stream(password, raw[_SALT], *_limits(raw[_LIMITS])))
    key_id, seed, public, check = body[:8], body[8:40], body[40:72], body[72:]
    if raw[_HEAD] == _LOCKED and check != _check(body[:72]):
        raise ProductionError(
            "the password is wrong, or the file is damaged",
            remedy="try again; without the password nobody can use this key: then use the standby",
        )
    found = SecretKey.from_seed(seed, key_id=key_id)
    if found.public.key != public:
        raise _no_secret("its two halves do not belong together")
    return found


def render_secret(key: SecretKey, lock: Lock | None = None) -> bytes:
    """Give the file of a secret key; without a lock, whoever reads it can sign."""
    body = key.public.id + key.seed + key.public.key
    if lock is None:
        # minisign leaves the check empty where there is no password
        raw = _OPEN + bytes(48) + body + bytes(32)
        return _file("secret key without a password", raw)
    operations = lock.memory_bytes // 32
    limits = operations.to_bytes(8, "little") + lock.memory_bytes.to_bytes(8, "little")
    stream = _stream(lock.password, lock.salt, operations, lock.memory_bytes)
    raw = _LOCKED + lock.salt + limits + _xored(body + _check(body), stream)
    return _file("secret key with a password", raw)


def _file(what: str, raw: bytes) -> bytes:
    return f"{UNTRUSTED}minisign {what}\n{b64encode(raw).decode('ascii')}\n".encode("ascii")


def _raw(text: str) -> bytes:
    lines = text.strip("\r\n\t ").replace("\r\n", "\n").split("\n")
    if len(lines) != 2 or not lines[0].startswith(UNTRUSTED):
        raise _no_secret("it has not minisign's two lines")
    raw = decode_line(lines[1].strip(), _SIZE, "secret key")
    if raw[_HEAD] not in {_OPEN, _LOCKED}:
        raise _no_secret("it is of another kind")
    return raw


def _no_secret(why: str) -> SignatureError:
    return SignatureError(Fault.MALFORMED, f"this is no secret key of minisign: {why}")


def _check(body: bytes) -> bytes:
    return hashlib.blake2b(b"Ed" + body, digest_size=32).digest()


def _xored(body: bytes, stream: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(body, stream, strict=True))


def _limits(raw: bytes) -> tuple[int, int]:
    return int.from_bytes(raw[:8], "little"), int.from_bytes(raw[8:], "little")


def _stream(password: str, salt: bytes, operations: int, memory_bytes: int) -> bytes:
    cost, parallel = _pick(operations, memory_bytes)
    if 1024 * cost > _MAX_MEMORY_BYTES or parallel > 16:
        raise _no_secret("opening it would take more memory than minisign itself uses")
    return hashlib.scrypt(
        password.encode("utf-8"),
        salt=salt,
        n=cost,
        r=8,
        p=parallel,
        maxmem=1024 * (cost + 4 * parallel + 64),
        dklen=_BODY_BYTES,
    )


def _pick(operations: int, memory_bytes: int) -> tuple[int, int]:
    """Give scrypt's N and p, with r = 8, as libsodium picks them from its limits."""
    operations = max(operations, 32_768)
    by_time = operations < memory_bytes // 32
    most = operations // 32 if by_time else memory_bytes // 1024
    cost = 2
    while cost <= most // 2:
        cost *= 2
    return cost, 1 if by_time else max(1, min(operations // 4 // cost, 0x3FFFFFFF) // 8)
