"""Verifying a pack for somebody who has nothing but the pack and this program."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from production.packs.trust import change_trust, read_trust
from programme.digests import Plain
from stations.minisign import PublicKey
from stations.pack_reading import open_pack
from stations.pack_verdict import Judgement, judge, refused_judgement
from stations.pack_verdicts import RefusedPackError
from stations.trust import ANYBODY, Trust, TrustedKey


def verify_pack(
    path: Path, folder: Path, *, today: date, keys: Sequence[PublicKey] = ()
) -> Judgement:
    """Judge a pack by the user's trust file; writes nothing.

    Args:
        path: of a ZIP, a folder or a stick.
        folder: where the trust file lies, see ``production.keys.store.keys_folder``.
        today: by this computer's clock.
        keys: further ones to believe this time, for any publisher.

    Raises:
        ProductionError: there is no pack, or the trust file is damaged.
    """
    trust = _with(read_trust(folder), keys, today)
    try:
        with open_pack(path) as files:
            return judge(files, trust, today=today)
    except RefusedPackError as refused:
        return refused_judgement(refused)


def remember_pack(judged: Judgement, folder: Path) -> None:
    """Note what a pack proves, so that older ones are refused from now on.

    Raises:
        ProductionError: the trust file cannot be written.
    """
    seen = judged.seen
    if seen is None:
        return
    trust = read_trust(folder)
    if trust.remember(seen) != trust:
        change_trust(folder, lambda now: now.remember(seen))


def _with(trust: Trust, keys: Sequence[PublicKey], today: date) -> Trust:
    more = tuple(TrustedKey(publisher=ANYBODY, key=key, since=today) for key in keys)
    return Trust(keys=(*trust.keys, *more), seen=trust.seen)


def judgement_report(judged: Judgement) -> dict[str, Plain]:
    """Give a judgement as plain values for programs."""
    report: dict[str, Plain] = {
        "verdict": judged.verdict.value,
        "faults": [
            {
                "verdict": one.verdict.value,
                "where": one.where,
                "problem": one.problem,
                "remedy": one.remedy,
            }
            for one in judged.faults
        ],
        "proven": judged.is_proven,
        "key": judged.key.text if judged.key else None,
        "fingerprint": judged.key.fingerprint if judged.key else None,
        "files": judged.file_count,
        "bytes": judged.length_bytes,
        "passed_over": list(judged.litter),
        "newer": judged.newer or None,
    }
    about = judged.contents
    if about is not None:
        report["pack"] = {
            "id": about.pack,
            "publisher": about.publisher,
            "publisher_name": about.publisher_name,
            "serial": about.serial,
            "issued": about.issued.isoformat(),
            "valid_until": about.valid_until.isoformat(),
            "languages": list(about.languages),
            "demo": about.demo,
            "recalls": list(about.recalls),
            "keys": [key.text for key in about.keys],
        }
    return report
