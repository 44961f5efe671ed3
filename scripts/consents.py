"""What private/ holds of consent, as a whole: for commands that find nothing there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from programme.consent import Consent

PRIVATE_FOLDERS = ("private/consent", "private")
"""Where a record may lie; the first is the usual place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    """What private/ holds of consent."""

    records: "Mapping[str, Consent]" = field(default_factory=dict)
    faulty: Mapping[str, str] = field(default_factory=dict)
    """Records that cannot be relied on, by id, and their file."""
