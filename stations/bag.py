"""A pack as a bag: the files by which BagIt (RFC 8493) finds what is missing, added or altered.

The payload folder ``data/`` holds the papers. The sound lies beside it, in numbered folders at the
root where cheap players look, and is listed in the tag manifest with all else that is no payload:
``bagit`` finds one altered byte in it, too. No clock: the date is the pack's day of issue.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from programme.units import Digest
from stations.pack_plan import PackFile, PackPlan, PackRequest
from stations.plain_text import one_line

PAYLOAD = "data/"
"""Where the payload of a bag lies (RFC 8493, 2.1.2)."""

DECLARATION = "bagit.txt"
INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"

_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)\Z")


def render_declaration() -> bytes:
    """Render ``bagit.txt`` (2.1.1)."""
    return b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def render_info(request: PackRequest, plan: PackPlan, files: Sequence[PackFile]) -> bytes:
    """Render ``bag-info.txt`` (2.2.2): who, what, and how much payload; names no station.

    Args:
        request: what was asked for.
        plan: what the pack is called.
        files: those of the pack; only those in ``data/`` count.
    """
    payload = [one for one in files if one.path.startswith(PAYLOAD)]
    told = {
        "Source-Organization": one_line(request.network.name),
        "Contact-Email": one_line(request.network.role_address),
        "External-Identifier": plan.pack_id,
        "Bagging-Date": request.issued.isoformat(),
        "Payload-Oxum": f"{sum(one.length_bytes for one in payload)}.{len(payload)}",
    }
    return "".join(f"{name}: {value}\n" for name, value in told.items()).encode("utf-8")


def render_manifest(files: Iterable[PackFile]) -> bytes:
    """Render ``manifest-sha256.txt`` (2.1.3): every file in ``data/``."""
    return render_checksums(one for one in files if one.path.startswith(PAYLOAD))


def render_tag_manifest(files: Iterable[PackFile]) -> bytes:
    """Render ``tagmanifest-sha256.txt`` (2.2.1): every file outside ``data/`` but itself.

    Args:
        files: all of the pack's, ``pack.json``, its signature and ``SHA256SUMS`` included.
    """
    return render_checksums(one for one in files if not one.path.startswith(PAYLOAD))


def render_checksums(files: Iterable[PackFile]) -> bytes:
    r"""Render lines for ``sha256sum -c``: LF, since it reads ``\r`` as part of a name."""
    return "".join(f"{one.digest}  {one.path}\n" for one in files).encode("ascii")


def parse_checksums(data: bytes) -> Mapping[str, Digest]:
    """Read such lines as ``sha256sum -c`` does: the digest of each file, by its path.

    Raises:
        ValueError: a line is no such line, or names a file again.
    """
    found: dict[str, Digest] = {}
    for line in data.decode("utf-8").removesuffix("\n").split("\n"):
        parts = _LINE.match(line)
        if parts is None or parts[2] in found:
            raise ValueError(f"no line of a list of digests: {line[:80]!r}")
        found[parts[2]] = Digest(parts[1])
    return found
