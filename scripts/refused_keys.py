"""Keys of altavoz.toml that look like a secret: everybody who has the workspace would know it."""

from scripts.fields import Fields
from scripts.late_pattern import LatePattern


def refuse_secrets(part: Fields, looks: LatePattern, *, more: str = "") -> None:
    """Report every key of a table that names a secret, whatever its value.

    Args:
        part: the table.
        looks: what a secret's name looks like there.
        more: what else to say of what to do.
    """
    for key, line in part.table.key_lines.items():
        if looks.search(key):
            part.known.add(key)
            part.fault(
                line,
                "network.secret",
                f"{key}: no key or password may stand in a workspace",
                "delete it, change the key, and set it in the environment or in a profile" + more,
            )
