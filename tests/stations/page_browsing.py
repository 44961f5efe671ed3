"""Looking at a pack's page as somebody with a telephone does."""

from collections.abc import Callable
from pathlib import Path

from programme.units import LanguageTag
from stations.pack_plan import PackRequest
from tests.production.chromium import Browser
from tests.stations.page_making import KEY

RequestMaker = Callable[..., PackRequest]
ES, AR = LanguageTag("es-419"), LanguageTag("ar")
VERDICT = "document.querySelector('[data-verdict]')"
CLOCK = """
(() => {
  const Real = Date, off = Real.parse("%sT12:00:00Z") - Real.now();
  Date = class extends Real {
    constructor(...values) { if (values.length) super(...values); else super(Real.now() + off); }
  };
})();
"""


def clock(page: Browser, day: str) -> None:
    """Let the telephone believe that it is noon of a day."""
    page.ask("Page.addScriptToEvaluateOnNewDocument", {"source": CLOCK % day})


def speak(page: Browser, tag: str) -> None:
    """Let the telephone be set to a language."""
    agent = page.run("navigator.userAgent")
    page.ask("Network.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": tag})


def verdict(page: Browser, path: Path) -> str:
    page.open(path)
    page.wait(f"{VERDICT} && {VERDICT}.dataset.verdict !== 'checking'")
    return str(page.run(f"{VERDICT}.dataset.verdict"))


def small(request_of: RequestMaker, *languages: LanguageTag) -> PackRequest:
    return request_of(languages=languages or (ES, AR), signer=KEY)


def give(page: Browser, selector: str, paths: list[Path]) -> None:
    """Choose files, as somebody does in the browser's own window."""
    root = page.ask("DOM.getDocument")["root"]["nodeId"]
    node = page.ask("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    page.ask("DOM.setFileInputFiles", {"files": [str(one) for one in paths], "nodeId": node})


def states(page: Browser) -> list[str]:
    found: list[str] = page.run(
        "Array.from(document.querySelectorAll('article'), (a) => a.dataset.state)"
    )
    return found
