"""Words that would be markup, programs or orders, in a real browser: they are read, and no more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from programme.editions import Caption
from programme.notices import NoticeKind
from programme.units import Digest, DurationMs, LanguageTag, Url
from stations.pack_news import PackNews
from stations.pack_plan import PackEdition, PackRequest
from stations.recall import Recall, RecalledFile
from tests.production.chromium import browser
from tests.production.page_checks import TOO_WIDE
from tests.stations.page_making import KEY, write_page
from tests.strict import ToolFinder

pytestmark = pytest.mark.tools

ES, AR = LanguageTag("es-419"), LanguageTag("ar")
HOSTILE = (
    "</script></textarea><script>window.ran=1</script><!--<img src=x onerror='window.ran=1'>"
    "\"' onload=window.ran=1 ]]> {{ 7*7 }} {title} $& \\u003c"
    "\u2028\u2029\u202e\u2067\x00\x07\x1b[2J"
) + "W" * 4_000
VERDICT = "document.querySelector('[data-verdict]')"
STRANGERS = """
Array.from(document.querySelectorAll("#app script, img, iframe, object, form, [onerror], [onload]"),
  (e) => e.outerHTML.slice(0, 80))
"""
LINKS = "Array.from(document.querySelectorAll('a[href]'), (a) => a.protocol)"


def test_hostile_words_are_shown_as_words(
    request_of: Callable[..., PackRequest],
    edition_of: Callable[..., PackEdition],
    tmp_path: Path,
) -> None:
    said = tuple(
        Caption(
            start_ms=DurationMs(n), end_ms=DurationMs(n + 1), text=HOSTILE, paragraph=n,
            speaker=HOSTILE,
        )
        for n in range(2)
    )  # fmt: skip
    items = tuple(edition_of(tag, 1, title=HOSTILE, captions=said) for tag in (ES, AR))
    base = request_of(editions=items, languages=(ES, AR), signer=KEY)
    recall = Recall(
        series="avisos", episode="aviso-9", language=AR, title=HOSTILE, reason=HOSTILE,
        kind=NoticeKind.WITHDRAWN, since=date(2026, 11, 21),
        files=(RecalledFile(path="01_ES/009.mp3", digest=Digest("a" * 64), packs=("x/1",)),),
    )  # fmt: skip
    request = replace(
        base,
        station=replace(base.station, name=HOSTILE, publish_identity=True),
        network=replace(
            base.network,
            name=HOSTILE,
            website=Url("javascript:window.ran=1//" + HOSTILE),
            role_address=HOSTILE,
            licence=HOSTILE,
        ),
        series={"avisos": replace(base.series["avisos"], title=dict.fromkeys((ES, AR), HOSTILE))},
        recalls=(recall,),
        news=PackNews(serial=2, issued=date(2026, 11, 1), fresh={}, gone=(HOSTILE,)),
    )
    page = write_page(tmp_path / "pack", request)
    with browser(ToolFinder()("chromium"), tmp_path / "profile") as opened:
        for off in (False, True):
            opened.ask("Emulation.setScriptExecutionDisabled", {"value": off})
            opened.open(page)
            if not off:
                opened.wait(f"{VERDICT} && {VERDICT}.dataset.verdict !== 'checking'")
                assert opened.run(f"{VERDICT}.dataset.verdict") in {"genuine", "expired_title"}
            assert opened.run(STRANGERS) == []
            assert opened.run("typeof window.ran") == "undefined"
            assert set(opened.run(LINKS)) <= {"file:", "mailto:"}
            text = str(opened.run("document.body.innerText + document.title"))
            assert "<img src=x onerror=" in text
            assert not set("\u202e\u2067\x00\x07\x1b\ufffd") & set(text)
            assert opened.run(TOO_WIDE) == []
        assert opened.complaints() == []
