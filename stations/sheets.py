"""Two papers to print and hang up: the run sheet of a pack, and the card of who publishes it.

One part in each language that the station reads, each on its own page. The run sheet says what is
played in which order, how long, when and until when; the card how to reach the publisher, and the
key to compare with the one that a page shows.
"""

from collections.abc import Mapping
from itertools import pairwise

from programme.schedules import EVERY_DAY, DayPart, TimeSpan
from programme.wording import sixtieths
from stations import bag
from stations.pack_plan import PackPlan, PackRequest, Track
from stations.phrases import Phrases, direction, language_name
from stations.plain_text import crlf, length, one_line
from stations.recall import recall_lines
from stations.runsheet import readers
from stations.templates import fill, style_hash

RUN_SHEET = f"{bag.PAYLOAD}run_sheet.html"
CARD = f"{bag.PAYLOAD}card.html"


def render_run_sheet(request: PackRequest, plan: PackPlan) -> Mapping[str, bytes]:
    """Render what is played, in order, with when and until when: HTML, UTF-8, CRLF."""
    return {RUN_SHEET: _render([_run_block(request, plan, say) for say, _ in readers(request)])}


def render_card(request: PackRequest, plan: PackPlan) -> Mapping[str, bytes]:
    """Render who publishes the pack and how to know it is theirs: HTML, UTF-8, CRLF."""
    return {CARD: _render([_card_block(request, plan, say) for say, _ in readers(request)])}


def _render(blocks: list[dict[str, object]]) -> bytes:
    values: dict[str, object] = {"style_hash": style_hash("sheet.html"), "blocks": blocks}
    return crlf(fill("sheet.html", values).splitlines())


def _frame(request: PackRequest, plan: PackPlan, say: Phrases, title: str) -> dict[str, object]:
    network = request.network
    return {
        "language": say.language,
        "direction": direction(say.language),
        "title": f"{one_line(network.name)} · {title}",
        "valid_until": say("valid_until", date=say.day(plan.valid_until)),
        "never_after": say("never_after"),
        "demo": say("demo") if plan.demo else "",
        "contact": [
            {"label": say("website", website=""), "value": one_line(network.website)},
            {"label": say("questions", address=""), "value": one_line(network.role_address)},
        ],
        "pack": "",
        "recalled": [],
        "lines": [],
        "quiet": [],
        "rows": [],
        "parts": [],
    }


def _run_block(request: PackRequest, plan: PackPlan, say: Phrases) -> dict[str, object]:
    station, schedule = request.station, request.station.schedule
    present = {track.path: track.item.edition.title for track in plan.tracks}
    lines = [say("station", station=one_line(station.name))] if station.publish_identity else []
    lines += [say("synthetic")] if plan.synthetic_voice else []
    lines += [say("draft")] if plan.draft_voice else []
    lines += [say("play_loops"), say("site_times")] if station.loop is not None else []
    total = sum(track.item.edition.duration_ms for track in plan.tracks)
    rows = [_row(request, plan, track, number, say) for number, track in enumerate(plan.tracks, 1)]
    return _frame(request, plan, say, say("run_sheet")) | {
        "pack": say(
            "pack", pack=plan.pack_id, serial=str(request.serial), date=say.day(request.issued)
        ),
        "recalled": [one.strip() for one in recall_lines(request.recalls, present, say)],
        "lines": lines,
        "quiet_name": say("quiet"),
        "quiet": [_span(span) for span in schedule.quiet],
        "comma": say("list_comma"),
        "order": say("play_order"),
        "col_message": say("col_message"),
        "col_length": say("col_length"),
        "col_until": say("col_until"),
        "has_when": bool(schedule.day_parts),
        "when": say("when"),
        "rows": rows,
        "total": say("total", duration=length(total)),
    }


def _row(
    request: PackRequest, plan: PackPlan, track: Track, number: int, say: Phrases
) -> dict[str, object]:
    item, edition = track.item, track.item.edition
    signs = [say("sign_notice")] if item.notice is not None else []
    signs += [say("sign_demo")] if edition.demo else []
    signs += [say("sign_synthetic")] if edition.synthetic_voice else []
    return {
        "number": number,
        "language": edition.language,
        "direction": direction(edition.language),
        "title": one_line(edition.title),
        "name": " · ".join(language_name(tag) for tag in item.languages),
        "path": track.path,
        "length": length(edition.duration_ms),
        "signs": " · ".join(signs),
        "until": say.day(item.last_day or plan.valid_until),
        "when": [
            {"span": _span(part.span), "days": _days(part, say)}
            for part in request.station.schedule.day_parts
            if not part.languages or set(part.languages) & set(item.languages)
        ],
    }


def _days(part: DayPart, say: Phrases) -> str:
    """Name the days of a day part: a run of three or more by its first and last."""
    if part.days == EVERY_DAY:
        return ""
    names = say.table["weekdays"].split()
    days = sorted(int(day) for day in part.days)
    if len(days) > 2 and all(later - day == 1 for day, later in pairwise(days)):
        return f"{names[days[0]]} – {names[days[-1]]}"
    return say.table["list_comma"].join(names[day] for day in days)


def _span(span: TimeSpan) -> str:
    return f"{sixtieths(span.begin)}–{sixtieths(span.end)}"


def _card_block(request: PackRequest, plan: PackPlan, say: Phrases) -> dict[str, object]:
    signer = request.signer
    key = {
        "title": say("key"),
        "key": signer.public.fingerprint if signer else "",
        "lines": [say("key_text")] if signer else [say("unsigned_text")],
    }
    minisign = {"title": "minisign", "key": "", "lines": [signer.public.text]} if signer else None
    return _frame(request, plan, say, say("card")) | {
        "lines": [say("what"), say("publisher", network=one_line(request.network.name))],
        "parts": [
            key,
            *([minisign] if minisign else []),
            {"title": say("pass_on"), "key": "", "lines": [say("pass_on_rule")]},
        ],
    }
