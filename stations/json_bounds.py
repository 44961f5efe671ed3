"""Bounds for JSON of a stranger: what it would take in memory, told before it is read.

Sixteen megabytes of ``[],[],[]`` take half a gigabyte once they are values. Signs are counted, also
those within texts: whatever stays under these bounds takes less than a hundred megabytes.
"""

MOST_TABLES = 400_000
"""Lists and tables; a pack of 99 folders of 99 tracks has a third of it."""
MOST_VALUES = 2_000_000


def is_too_much(data: bytes) -> bool:
    """Tell whether JSON holds far more than any list of ours."""
    return (
        data.count(b"[") + data.count(b"{") > MOST_TABLES
        or data.count(b",") + data.count(b":") > MOST_VALUES
    )
