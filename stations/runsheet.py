"""README.txt: what the pack is, until when, how to play and how to check it.

One block in each language that the station reads, in its order, then the play order once for
all. Names no station unless its identity is public.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

from programme.stations import StationKind
from programme.units import LanguageTag
from stations.names import INFO_FOLDER
from stations.pack_plan import LeftOut, PackPlan, PackRequest
from stations.phrases import Phrases, direction, language_name, phrases_for, phrases_in
from stations.plain_text import crlf, directed, isolate, keep_numbers, length, one_line
from stations.recall import recall_lines
from stations.script_text import RULE, wrapped


def render_readme(request: PackRequest, plan: PackPlan) -> bytes:
    """Render README.txt: UTF-8, CRLF."""
    lines: list[str] = []
    blocks = readers(request)
    for say, borrowers in blocks:
        lines += [RULE, *_block(request, plan, say, borrowers), ""]
    lines += [RULE, *wrapped([" / ".join(say("play_order") for say, _ in blocks)], "ltr"), ""]
    for number, track in enumerate(plan.tracks, start=1):
        edition = track.item.edition
        way = direction(edition.language)
        lines.append(f"{number:3d}  {length(edition.duration_ms):>7}  {track.path}")
        lines.append(directed(f"     {keep_numbers(one_line(edition.title), way)}", way))
    total = sum(track.item.edition.duration_ms for track in plan.tracks)
    lines += ["", f"{'':3}  {length(total):>7}", ""]
    lines += [RULE, *wrapped([" / ".join(say("check") for say, _ in blocks)], "ltr"), ""]
    lines += _commands(request, plan)
    return crlf(lines)


def readers(request: PackRequest) -> tuple[tuple[Phrases, tuple[LanguageTag, ...]], ...]:
    """Give the phrases of each block, and the languages that must borrow them.

    A language without phrases reads the station's first block that exists, which says so.
    """
    station, source = request.station.languages, request.network.source_language
    found: dict[str, tuple[Phrases, list[LanguageTag]]] = {}
    for tag in station:
        say = phrases_for(tag, station, source)
        _, borrowers = found.setdefault(say.language, (say, []))
        if phrases_in(tag) is None:
            borrowers.append(tag)
    return tuple((say, tuple(borrowers)) for say, borrowers in found.values())


def _block(
    request: PackRequest, plan: PackPlan, say: Phrases, borrowers: tuple[LanguageTag, ...]
) -> list[str]:
    way = direction(say.language)
    paragraphs = [*_about(request, plan, say), *_use(request, plan, say)]
    if borrowers:
        paragraphs.append(say("fallback", languages=_names(borrowers, say)))
    lines = wrapped([one_line(language_name(say.language)).upper()], way)
    present = {track.path: track.item.edition.title for track in plan.tracks}
    recalled = wrapped(recall_lines(request.recalls, present, say), way)
    lines += [*recalled, ""] if recalled else []
    lines += wrapped(paragraphs, way)
    lines += ["", *wrapped(_checking(request, plan, say), way)]
    lines += ["", *wrapped(_missing(request, say), way)]
    if request.overrides:
        lines += ["", *wrapped(_own_values(request, say), way)]
    return lines


def _own_values(request: PackRequest, say: Phrases) -> Iterator[str]:
    """Say what this pack says otherwise than all others, and who says so."""
    way = direction(say.language)
    yield say("own_values")
    for one in request.overrides:
        sources = dict.fromkeys(one_line(source.title) for source in one.sources)
        yield "- " + say(
            "own_value_line",
            here=isolate(_wording(one.says, say), way),
            general=isolate(_wording(one.general, say), way),
            sources=say.table["list_comma"].join(isolate(title, way) for title in sources),
            date=say.day(one.verified_on),
            until=say.day(one.expires),
        )
        if request.station.publish_identity:
            yield isolate(one_line(one.reason), way)


def _wording(texts: Mapping[LanguageTag, str], say: Phrases) -> str:
    """Give a text in the block's language, else in the first that has one."""
    own = [words for tag, words in texts.items() if tag.partition("-")[0] == say.language]
    return one_line(next(iter([*own, *texts.values()]), ""))


def _about(request: PackRequest, plan: PackPlan, say: Phrases) -> Iterator[str]:
    network, station = request.network, request.station
    way = direction(say.language)
    yield say("heading", network=one_line(network.name))
    if plan.demo:
        yield say("demo")
    yield say("what")
    if station.publish_identity:
        yield say("station", station=one_line(station.name))
    yield say("languages", languages=_names(plan.languages, say))
    yield say("valid_until", date=say.day(plan.valid_until))
    yield say("never_after")
    yield say("publisher", network=one_line(network.name))
    yield say("website", website=isolate(one_line(network.website), way))
    yield say("questions", address=isolate(one_line(network.role_address), way))
    yield say(
        "pack",
        pack=isolate(plan.pack_id, way),
        serial=str(request.serial),
        date=say.day(request.issued),
    )
    licence = f"{network.licence} {network.licence_url}".strip()
    yield say("licence", licence=isolate(one_line(licence), way))
    if plan.synthetic_voice:
        yield say("synthetic")
    if plan.draft_voice:
        yield say("draft")


def _use(request: PackRequest, plan: PackPlan, say: Phrases) -> Iterator[str]:
    way = direction(say.language)
    if any(track.item.notice for track in plan.tracks):
        yield say("recall_notices")
    if request.station.kind is StationKind.RADIO:
        yield say("use_playlists", playlist=isolate(plan.playlists[0], way))
    else:
        yield say("copy_in_order", info=isolate(INFO_FOLDER, way))


def _checking(request: PackRequest, plan: PackPlan, say: Phrases) -> Iterator[str]:
    way = direction(say.language)
    yield say("check")
    folder = plan.tracks[0].path.partition("/")[0]
    yield say("check_how", folder=isolate(folder, way))
    if request.signer is None:
        yield say("not_signed")
        yield say("check_limit")
    else:
        yield say("signed", public_key=isolate(request.signer.public.text, way))


def _commands(request: PackRequest, plan: PackPlan) -> list[str]:
    """Find damage with what each system already has; typed in the pack's root.

    Where the pack is signed, the files are held against the signed list and not against
    ``SHA256SUMS``, which whoever forges a file can write anew.
    """
    checksums = plan.checksums
    check = {"Linux": f"sha256sum -c {checksums}", "macOS": f"shasum -a 256 -c {checksums}"}
    lines = []
    for system, command in check.items():
        lines += [f"{system}:", f"  {command}"]
    lines += [
        "Windows (PowerShell):",
        f"  Get-Content {checksums} | % {{ $h,$f = $_ -split '  ',2;",
        '    if ((Get-FileHash -Algorithm SHA256 $f).Hash -ne $h) { "BAD $f" } }',
    ]
    if request.signer is not None:
        lines += ["minisign (Linux; macOS: shasum -a 256):"]
        lines += [f"  {line}" for line in signed_commands(request.signer.public.text)]
    return lines


def signed_commands(key: str) -> tuple[str, str, str]:
    """Give what a shell checks the signature with, and every file against what was signed."""
    return (
        f"minisign -Vm pack.json -P {key} &&",
        """grep -o '"path":"[^"]*","sha256":"[^"]*"' pack.json |""",
        """sed -E 's/.*:"(.*)",.*:"(.*)"/\\2  \\1/' | sha256sum -c""",
    )


def _missing(request: PackRequest, say: Phrases) -> Iterator[str]:
    if not request.left_out:
        yield say("nothing_left_out")
        return
    yield say("left_out")
    languages = {tag: place for place, tag in enumerate(request.station.languages)}

    def order(one: LeftOut) -> tuple[int, str, str]:
        return languages.get(one.language, len(languages)), one.language, one.reason.value

    for _, group in groupby(sorted(request.left_out, key=order), key=order):
        items = list(group)
        yield "- " + say(
            "left_out_line",
            language=language_name(items[0].language),
            titles=say.table["list_comma"].join(
                dict.fromkeys(one_line(item.title) for item in items)
            ),
            reason=say(items[0].reason.value),
        )


def _names(languages: tuple[LanguageTag, ...], say: Phrases) -> str:
    names = dict.fromkeys(language_name(tag) for tag in languages)
    return say.table["list_comma"].join(names)
