"""What was published and left its feeds keeps a page, which says that it is not to be used."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from production.catalogue.site import site_pages
from production.releases.history import ReleaseHistory, Standing
from production.releases.values import Change, Release, Withdrawal, Withdrawing
from programme.digests import digest_bytes
from tests.pages.site_material import ES, TODAY, catalogue, channel, item, words

RELEASE = Release(
    target="public",
    series="camino",
    episode="viejo",
    number=1,
    language=ES,
    revision=1,
    guid="red/camino/viejo/es-419/1",
    published_at=datetime(2026, 1, 1, tzinfo=UTC),
    changed_at=datetime(2026, 1, 1, tzinfo=UTC),
    change=Change.NEW,
    title="Albergues <de> enero",
    description="Viejo",
    duration_ms=1000,
    words_digest=digest_bytes(b"viejo"),
    expires=date(2026, 2, 1),
    synthetic_voice=False,
    media=(),
)
KEY = "camino/es-419/viejo.html"


def taken(kind: Withdrawing) -> Withdrawal:
    return Withdrawal(
        target="public",
        series="camino",
        episode="viejo",
        language=ES,
        revision=1,
        guid=RELEASE.guid,
        kind=kind,
        reason="",
        at=datetime(2026, 1, 2, tzinfo=UTC),
        sound=None,
    )


def page_of(release: Release, withdrawal: Withdrawal | None, today: date = TODAY) -> str:
    standing = Standing(release=release, withdrawal=withdrawal, successor=None, corrects=False)
    history = ReleaseHistory(target="public", editions={release.edition: (standing,)}, notices=())
    shown = catalogue(channel(ES, (item(ES, 1),)))
    made = {page.key: page for page in site_pages(shown, history, today=today, words=words)}
    found = [page for key, page in made.items() if key == KEY]
    return found[0].render().decode("utf-8") if found else ""


@pytest.mark.parametrize(
    ("kind", "said"),
    [(None, "Caducado"), (Withdrawing.EXPIRE, "Caducado"), (Withdrawing.RETRACT, "Retirado")],
)
def test_an_episode_that_left_its_feed_says_why(kind: Withdrawing | None, said: str) -> None:
    html = page_of(RELEASE, taken(kind) if kind else None)
    assert f"<strong>{said}</strong>" in html
    assert "Albergues &lt;de&gt; enero" in html
    assert 'href="../../camino/es-419.html"' in html
    assert "<audio" not in html
    assert "download" not in html


def test_nothing_that_still_holds_is_called_ended() -> None:
    assert page_of(replace(RELEASE, expires=date(2027, 1, 1)), None) == ""


def test_such_a_page_is_the_same_every_day() -> None:
    assert page_of(RELEASE, None) == page_of(RELEASE, None, date(2027, 5, 5))
