"""A target in a folder as publishes leave it: head, parts, feeds and media; no sound in them."""

from pathlib import Path

from production.ledger.ledger import Ledger
from production.ledger.parts import plan_parts, public_lines
from production.releases.history import read_history
from production.targets import Target, open_target
from production.targets.head import HEAD_KEY, Head, parse_head, render_head
from programme.network import TargetSettings
from tests.production.ledger.ledger_lines import FEEDS, open_ledger, released, withdrawn, write_all

FIRST = released()
SECOND = released(2, minutes=60)
SETTINGS = TargetSettings(name="public", kind="folder", demo=True, options={"path": "public"})


def publish(root: Path, *, step: int = 2) -> Ledger:
    """Let a target stand as publishes leave it, with feeds and media; gives its ledger."""
    ledger = open_ledger(root)
    for feed in FEEDS[:3]:
        ledger.append("feed", feed)
    ledger.append("pack", {"pack": "small_t", "serial": 1, "issued": "2026-11-22", "content": "x"})
    write_all(ledger, FIRST, released(tag="ht", minutes=3))
    ledger.append("shipped", {"pack": "small_t", "serial": 1, "on": "2026-11-22", "carrier": "sd"})
    write_all(ledger, SECOND, withdrawn(FIRST, minutes=60, sound=True))
    write_all(ledger, released(target="real"))
    stand(root, ledger, step=step)
    return ledger


def stand(root: Path, ledger: Ledger, *, step: int = 2) -> None:
    """Write what publishes of this ledger leave at the target."""
    place = root / "public"
    lines = public_lines(ledger, "public", stations={"radio-a"})
    head = Head(network="small")
    for end in range(step, len(lines) + step, step):
        parts = plan_parts(head.ledger, lines[:end])
        for part, data in parts.write:
            (place / part.key).parent.mkdir(parents=True, exist_ok=True)
            (place / part.key).write_bytes(data)
        for key in parts.drop:
            (place / key).unlink()
        head = Head(network="small", serial=head.serial + 1, ledger=parts.named)
    (place / HEAD_KEY).write_bytes(render_head(head))
    items = ""
    for one in read_history(ledger, "public").standings():
        items += f'<item><guid isPermaLink="false">{one.release.guid}</guid></item>'
        media = one.withdrawal.sound.media if one.withdrawal and one.withdrawal.sound else ()
        for thing in media or one.release.media:
            (place / thing.key).parent.mkdir(parents=True, exist_ok=True)
            (place / thing.key).write_bytes(bytes(thing.length_bytes))
    (place / "corta").mkdir(exist_ok=True)
    (place / "corta/en.xml").write_text(f"<rss><channel>{items}</channel></rss>")


def target_of(root: Path) -> Target:
    return open_target(SETTINGS, root)


def head_of(root: Path) -> Head | None:
    return parse_head(target_of(root).read(HEAD_KEY), where="head")
