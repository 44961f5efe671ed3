"""Judges a finished feed by what we promise; stricter than validators and directories are.

Reads the bytes as a stranger would and shares nothing with the renderer but the limits. The
rules, with weight, remedy and source, are data in rules/. What the files that a feed names are
like is judged by ``feeds.check_files``; what other feeds say of it, by ``feeds.check_family``.
"""

from datetime import UTC, datetime

from feeds.check_addresses import Addresses
from feeds.check_channel import check_channel
from feeds.check_document import parse_feed
from feeds.check_faults import Element, Faults, findings
from feeds.check_item import ItemLook, ItemSetting, check_item
from feeds.check_together import check_together
from feeds.podcast_namespace import ITUNES
from programme.findings import Finding, Severity

_TYPE = f"{{{ITUNES}}}type"


def check_feed(
    xml: bytes, *, now: datetime, file: str = "feed", advice: bool = False, served_at: str = ""
) -> tuple[Finding, ...]:
    """Give every rule that a feed breaks, in the order of its lines; empty for none.

    Args:
        xml: the feed as it will be sent.
        now: aware; nothing in the feed may be later.
        file: what to call the feed in the findings.
        advice: also give warnings, of what works but could be better, and hints.
        served_at: the address it was fetched from; empty where nobody knows.
    """
    faults: Faults = []
    root = parse_feed(xml, faults)
    if root is not None:
        judge_tree(root, faults, now=now, served_at=served_at)
    if not faults:
        return ()
    found = findings(faults, file=file, data=xml)
    return tuple(one for one in found if advice or one.severity is Severity.ERROR)


def judge_tree(
    root: Element,
    faults: Faults,
    *,
    now: datetime,
    served_at: str = "",
) -> list[ItemLook]:
    """Judge a feed that was parsed; gives what is known of its items, in their order."""
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        faults.append(("feed-xml.root", root, "this is no RSS 2.0 feed with one channel"))
        return []
    [channel] = channels
    for stray in root:
        if stray.tag == "item":
            faults.append(("feed-element.unknown", stray, "an item stands outside of the channel"))
    moment = now.astimezone(UTC)
    addresses = Addresses(served_at)
    found = check_channel(channel, faults, now=moment, addresses=addresses)
    setting = ItemSetting(now=moment, addresses=addresses)
    items = [check_item(item, setting, faults) for item in found.get("item", ())]
    kinds = found.get(_TYPE)
    serial = bool(kinds) and (kinds[0].text or "").strip() == "serial"  # type: ignore[index]
    check_together(items, faults, now=moment, serial=serial)
    return items
