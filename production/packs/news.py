"""What is new in a pack, by what the ledger notes of the one before it."""

from collections.abc import Iterable
from datetime import date

from production.ledger.ledger import Event
from production.ledger.merging import last_pack
from production.packs.recall import held_in
from stations.pack_news import Fresh, PackNews
from stations.pack_plan import PackPlan


def news_since(events: Iterable[Event], plan: PackPlan, serial: int) -> PackNews | None:
    """Hold a pack against the one before it; None where there is none, or nobody noted it.

    Args:
        events: ``pack`` lines of the ledger, of this pack.
        plan: of the new pack.
        serial: of the new pack; the same serial always has the same news.
    """
    earlier = [event for event in events if int(event.facts["serial"]) < serial]
    last, _ = last_pack(earlier)
    if last is None or "items" not in last.facts:
        return None
    before = {held.edition: held for held in held_in([last])}
    # A loop is as new as the newest of its messages.
    now = {one.key: one for track in plan.tracks for one in track.item.messages}
    fresh: dict[str, Fresh] = {}
    for track in plan.tracks:
        said = [(before.get(one.key), one.words_digest) for one in track.item.messages]
        if any(held is None for held, _ in said):
            fresh[track.path] = Fresh.NEW
        elif any(held is not None and held.words != words for held, words in said):
            fresh[track.path] = Fresh.CHANGED
    return PackNews(
        serial=int(last.facts["serial"]),
        issued=date.fromisoformat(last.facts["issued"]),
        fresh=fresh,
        gone=tuple(held.title for key, held in before.items() if key not in now),
    )
