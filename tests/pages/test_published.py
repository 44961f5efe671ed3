"""The pages that a real publish leaves: of real editions, with real words and sound."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from production.catalogue.site import SITE_KEY, parse_site
from programme.digests import digest_bytes
from tests.pages.test_pages import links_of
from tests.production.published import fresh, made_once, make, send


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace that was published; never change it."""
    return fresh(tmp_path_factory.mktemp("published"), made_once(tmp_path_factory))


def test_a_publish_leaves_pages_that_lead_everywhere_and_a_second_sends_none(root: Path) -> None:
    made = make(root)
    send(root, made)
    site = root / "public"
    found = sorted(str(path.relative_to(site)) for path in site.rglob("*.html"))
    kept = {key for key in found if not key.startswith("m/")}
    assert {"index.html", "en/index.html", "corta/en.html", "corta/en/corta-1.html"} <= kept
    for key in kept:
        links = links_of((site / key).read_bytes())
        for href in links.links + links.loaded:
            parts = urlsplit(href)
            if not parts.scheme and parts.path:
                assert ((site / key).parent / parts.path).resolve().is_file(), f"{key}: {href}"
    page = (site / "corta/en/corta-1.html").read_text(encoding="utf-8")
    assert ">Carry water with you.</span>" in page
    assert "<h3>Water</h3>" in page
    assert ".vtt" in page
    assert ".words.json" not in page, "only programs read it"
    told = parse_site((site / SITE_KEY).read_bytes())
    for sent in told:
        assert digest_bytes((site / sent).read_bytes()) == told[sent].digest
    again = send(root, made)
    assert again.sent == []
    assert again.removed == []
