r"""What plays at a station, and what that program must be told, from the station's file.

Example::

    automation: zararadio
    drive_path: 'D:\Altavoz'
"""

import re

from programme.stations import (
    NO_SETTINGS,
    NOT_IN_DRIVE_PATH,
    Automation,
    AutomationSettings,
    Delivery,
)
from scripts.fields import Fields
from scripts.wording import shown

GROUP_LETTERS = 10
"""Of Rivendell's groups."""
LAST_CART = 999_999

_WINDOWS_PATH = re.compile(r"(?:[A-Za-z]:\\|\\\\[^\\]+\\[^\\]+)(?:[^\\]+(?:\\[^\\]+)*)?\\?\Z")
_POSIX_PATH = re.compile(r"/(?:[^/]+(?:/[^/]+)*)?/?\Z")
_NOT_IN_NAMES = frozenset('"*/<>?|:')
"""Characters that Windows takes in no name; the colon stands behind the drive's letter."""
_LIST_CODING = {Automation.ZARARADIO: "cp1252"}
"""Of lists that hold no other letters."""
_CARTS = re.compile(r"([0-9]{1,6})(?:\s*[-\u2013]\s*([0-9]{1,6}))?\Z")
_GROUP = re.compile(r"[A-Za-z0-9_-]+(?: [A-Za-z0-9_-]+)*\Z")


def read_settings(fields: Fields, automation: Automation, delivery: Delivery) -> AutomationSettings:
    """Give what the program at the station must be told; what is wrong is reported."""
    drive_path = _drive_path(fields, automation, delivery)
    group = _group(fields)
    first, last = _carts(fields)
    if automation is not Automation.RIVENDELL:
        for key in ("group", "carts"):
            if fields.written(key) is not None:
                _refuse(fields, key, f"only Rivendell has {key}", "delete it, or name rivendell")
        group, first, last = "", 0, 0
    if not (drive_path or group or last):
        return NO_SETTINGS
    return AutomationSettings(drive_path=drive_path, group=group, first_cart=first, last_cart=last)


def _refuse(fields: Fields, key: str, problem: str, remedy: str) -> None:
    fields.fault(fields.line(key), "station.automation", problem, remedy)


def _drive_path(fields: Fields, automation: Automation, delivery: Delivery) -> str:
    """Give where the files lie at the station, as its own computer writes it."""
    found = fields.written("drive_path")
    path = "" if found is None else found.value.strip()
    if not path:
        if automation.needs_drive_path and delivery is not Delivery.FEED:
            example = r"'D:\Altavoz'" if automation.is_windows else "/srv/altavoz"
            fields.lack(
                "drive_path",
                "station.automation",
                f"{automation.value} needs whole paths in its lists, and there is no drive_path",
                f"write where our folder lies on the station's computer: drive_path: {example}",
            )
        return ""
    if not path.isprintable():
        remedy = r"write it without quotes, or in single ones: 'D:\nuevo'"
        _refuse(
            fields, "drive_path", "drive_path holds what no name can: a line break or tab", remedy
        )
    elif NOT_IN_DRIVE_PATH & set(path):
        odd = " ".join(sorted(NOT_IN_DRIVE_PATH & set(path)))
        remedy = "choose a folder with letters, digits, spaces, - and _ alone"
        _refuse(fields, "drive_path", f"drive_path holds {odd}, which lists read otherwise", remedy)
    elif not _can_be_listed(path, automation):
        remedy = "choose a folder in plain letters: the program's lists hold no others"
        _refuse(fields, "drive_path", f"drive_path: {automation.value} cannot find it", remedy)
    elif automation.is_windows and not _is_windows_path(path):
        remedy = r"write it as Windows shows it: 'D:\Altavoz' or '\\server\altavoz'"
        _refuse(fields, "drive_path", f"drive_path: {shown(path)} is no Windows path", remedy)
    elif not automation.is_windows and not (_is_path(path) or _is_windows_path(path)):
        remedy = "write it from the root: /srv/altavoz"
        _refuse(fields, "drive_path", f"drive_path: {shown(path)} is no whole path", remedy)
    else:
        return path
    return ""


def _can_be_listed(path: str, automation: Automation) -> bool:
    try:
        path.encode(_LIST_CODING.get(automation, "utf-8"))
    except UnicodeEncodeError:
        return False
    return True


def _is_windows_path(path: str) -> bool:
    names = path.split("\\")
    bare = path[2:] if path[1:2] == ":" else path
    return bool(_WINDOWS_PATH.match(path)) and ".." not in names and not _NOT_IN_NAMES & set(bare)


def _is_path(path: str) -> bool:
    return bool(_POSIX_PATH.match(path)) and ".." not in path.split("/")


def _group(fields: Fields) -> str:
    name = fields.text("group")
    if name and (len(name) > GROUP_LETTERS or not _GROUP.match(name)):
        problem = f"group: {shown(name)} is no group of Rivendell"
        _refuse(fields, "group", problem, f"use letters and digits, at most {GROUP_LETTERS}")
        return ""
    return name


def _carts(fields: Fields) -> tuple[int, int]:
    """Give the first and the last cart; 0 and 0 for as Rivendell likes."""
    text = fields.text("carts")
    match = _CARTS.match(text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if text and not 1 <= first <= last <= LAST_CART:
        problem = f"carts: {shown(text)} is no range of carts"
        _refuse(fields, "carts", problem, f"write 10000-10999; there are 1 to {LAST_CART}")
        return 0, 0
    return first, last
