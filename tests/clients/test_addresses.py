"""Every address that anything on the site names, in every state, leads to something."""

import re
from html import unescape
from urllib.parse import unquote, urljoin

import pytest
import requests

from tests.clients.site import CORRECTED, FIRST, RETRACTED, Site
from tests.production.published import BASE

NAMED = re.compile(r"(?:href|src|url|uri|xmlUrl|htmlUrl|feedUrl)=\"([^\"]*)\"")
JSON_NAMED = re.compile(r"\"(?:url|feed_url|home_page_url|next_url|image|icon)\": ?\"([^\"]*)\"")


@pytest.mark.parametrize("state", [FIRST, CORRECTED, RETRACTED])
def test_every_address_is_answered_and_none_leads_to_the_public_place(
    site: Site, state: str
) -> None:
    here, folder = site.preview.url, site.show(state).folder
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        key = path.relative_to(folder).as_posix()
        if path.suffix in {".xml", ".json", ".opml", ".html", ".js"} and path.is_file():
            text = requests.get(f"{here}{key}", timeout=10).text
            assert BASE not in re.sub(r"<guid.*?</guid>|\"id\": ?\"[^\"]*\"", "", text), key
            for named in NAMED.findall(text) + JSON_NAMED.findall(text):
                found.setdefault(urljoin(f"{here}{key}", unescape(named)).partition("#")[0], key)
    ours = {address: key for address, key in found.items() if address.startswith(here)}
    assert len(ours) > len(list(folder.glob("m/*")))
    with requests.Session() as line:
        for address, key in ours.items():
            answer = line.head(unquote(address), timeout=10)
            assert answer.status_code == 200, f"{key} names {address}"
