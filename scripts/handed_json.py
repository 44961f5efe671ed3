"""JSON files that come home after they went through strangers' hands: a kit, decisions of takes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from programme.errors import ProductionError


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedJson:
    """One such file: where it lies, and what people are told of one that is wrong."""

    where: str
    problem: str
    """What it is not, such as ``this is no decisions.json``."""
    remedy: str

    def bad(self, what: str) -> ProductionError:
        """Give the error that says what is wrong with it."""
        return ProductionError(
            f"{self.problem}: {what}",
            where=self.where,
            remedy=self.remedy,
        )

    def table(
        self, data: bytes, *, most_bytes: int, marker: str, made_by: str
    ) -> Mapping[str, Any]:
        """Give what it holds.

        Args:
            data: the file.
            most_bytes: what a file of its kind has at most.
            marker: the key that tells its kind; its value is the format, which the caller judges.
            made_by: what makes such files.

        Raises:
            ProductionError: it is longer, no JSON, or of another kind.
        """
        if len(data) > most_bytes:
            raise self.bad(f"it is longer than {most_bytes // 1_000_000} MB")
        try:
            plain = json.loads(data.decode("utf-8-sig"))
        except (UnicodeDecodeError, ValueError, RecursionError) as error:
            raise self.bad("it is no JSON") from error
        if not isinstance(plain, dict) or marker not in plain:
            raise self.bad(f"it was not made by {made_by}")
        return plain

    def text(self, row: Mapping[str, Any], key: str) -> str:
        """Give a text of it.

        Raises:
            ProductionError: there is none.
        """
        value = row.get(key)
        if not isinstance(value, str):
            raise self.bad(f"it has no {key}")
        return value
