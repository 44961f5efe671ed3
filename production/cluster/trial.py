"""What ``altavoz cluster doctor`` has a worker try: the shared store, and a test sentence."""

from production.cluster import worker as cluster_worker
from production.shared.store import object_key
from programme.digests import digest_bytes
from programme.errors import ProductionError
from programme.units import Digest


def try_store(
    kind: str, options: dict[str, str], probe: str, written: Digest, length_bytes: int
) -> dict[str, object]:
    """Read what another machine has written, and write something for it to read.

    Args:
        kind: of the shared store.
        options: of the shared store.
        probe: what to write.
        written: digest of what another machine has put there.
        length_bytes: of that.

    Returns:
        ``read`` and ``sound``; or ``problem``, ``where``, ``remedy``.
    """
    try:
        store = cluster_worker.own_store()
        shared = cluster_worker.shared_store(kind, tuple(sorted(options.items())))
        store.path(written).unlink(missing_ok=True)
        read = shared.fetch(written, length_bytes=length_bytes, patient=True)
        store.path(written).unlink(missing_ok=True)
        data = probe.encode()
        digest = digest_bytes(data)
        file = store.scratch / f"probe-{digest[:16]}"
        file.write_bytes(data)
        shared.shelf.put(object_key(digest), file, digest)
        file.unlink()
        with cluster_worker.ONE_AT_A_TIME:
            sound = cluster_worker.own_sound()
    except ProductionError as error:
        return {"problem": error.problem, "where": error.where, "remedy": error.remedy}
    return {"read": read, "sound": sound}
