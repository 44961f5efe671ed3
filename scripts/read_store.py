"""The table [store] of altavoz.toml: where machines share what they have made."""

import re
from collections.abc import Mapping

from programme.network import TargetSettings
from scripts.fields import Fields
from scripts.late_pattern import LatePattern
from scripts.refused_keys import refuse_secrets

NAME = "store"
_OPTIONS = ("path", "bucket", "prefix", "endpoint", "region", "profile")
_SECRET = LatePattern(r"secret|passw|token|key|credential", re.IGNORECASE)
_BUCKET = LatePattern(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z")


def read_shared_store(top: Fields) -> TargetSettings | None:
    """Give where the shared store stands, as options of a target; None where there is none."""
    table = top.table_at(NAME)
    if table is None:
        return None
    part = top.part(table)
    made = "; the key of the store's records is made with altavoz cluster key"
    refuse_secrets(part, _SECRET, more=made)
    options = {key: text for key in _OPTIONS if (text := part.text(key))}
    kind = "s3" if "bucket" in options else "folder"
    _check(part, kind, options)
    top.close(part)
    return TargetSettings(name=NAME, kind=kind, options=options)


def _check(part: Fields, kind: str, options: Mapping[str, str]) -> None:
    if ("path" in options) == ("bucket" in options):
        part.fault(
            part.line("path") or part.table.line,
            "network.store",
            "[store] is in a folder or in a bucket",
            'write either path = "/srv/share/altavoz" or bucket = "my-radio-store"',
        )
    elif kind == "folder" and len(options) > 1:
        strange = next(key for key in options if key != "path")
        problem = f"a folder has no {strange}"
        part.fault(part.line(strange), "network.store", problem, f"delete {strange}")
    elif kind == "s3" and not _BUCKET.match(options["bucket"]):
        remedy = "use 3 to 63 lower-case letters, digits, dots and hyphens"
        part.fault(part.line("bucket"), "not-form", "this is no bucket's name", remedy)
