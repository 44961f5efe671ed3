"""What is made of the program's own tables, kept as plain columns beside them.

It is taken for as long as no source and no table of the program changes; see programme/tables.py
for where it lies, and why that is safe.
"""

from collections.abc import Callable
from typing import TypeVar

from programme.tables import package_file, read_made
from scripts.kept_file import digest_of
from scripts.plain_columns import Column, column_of
from scripts.program_digest import program_digest

T = TypeVar("T")

_MOST_NAME = 64


def made_once(name: str, kind: type[T], make: Callable[[], T]) -> T:
    """Give a value that follows from the program alone, made at the first call after a change.

    Args:
        name: of the value, below scripts/data: ``terms-es``. One that is no plain name is made
            each time, because it may come from a workspace.
        kind: its type, which must have a column.
        make: makes it.
    """
    plain = name.isascii() and name.replace("-", "").isalnum()
    if not program_digest() or not plain or len(name) > _MOST_NAME:
        return make()
    column = _column(kind)
    columns = read_made(
        package_file("scripts", "data", f"{name}.made"),
        # the name too: some disks do not tell es-MX from es-mx
        follows_from=digest_of(f"{name} {program_digest()}"),
        make=lambda: column.write([make()]),
    )
    value: T = column.read(columns)[0]
    return value


def _column(kind: object) -> Column:
    return column_of(kind)
