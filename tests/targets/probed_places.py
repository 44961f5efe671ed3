"""What the tests of `altavoz targets test` share: a network, a clock, one probe or all of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from production.targets import Line, Target
from production.targets.probed import Probed, Verdict
from production.targets.probing import Trial
from production.targets.probing_all import try_target
from programme.network import Network
from programme.units import LanguageTag, Url
from tests.targets.places import Place

CHANCE = "0123456789abcdef"


def network(base_url: str) -> Network:
    return Network(
        id="camino",
        name="Camino",
        role_address="radio@example.org",
        base_url=Url(base_url),
        website=Url("https://camino.example.org/"),
        source_language=LanguageTag("es"),
        languages=(LanguageTag("es"),),
        licence="cc-by-4.0",
    )


def clock(off: timedelta = timedelta()) -> datetime:
    return datetime.now(UTC) + off  # noqa: TID251 - a real server's clock is compared with it


def trial_of(place: Place, target: Target, base_url: str = "") -> Trial:
    return Trial(
        target=target,
        settings=place.settings,
        network=network(base_url),
        line=Line(seconds=30),
        chance=CHANCE,
        clock=clock,
    )


def probe(place: Place, base_url: str = "", **more: Any) -> dict[str, Probed]:
    """Run the whole test; without a base address, without one."""
    told = {"clock": clock, "address": None if base_url else ""} | more
    probes = try_target(place.settings, network(base_url), place.root, chance=CHANCE, **told)
    return by_name(probes.told)


def by_name(told: list[Probed]) -> dict[str, Probed]:
    assert len({one.about for one in told}) == len(told)
    return {one.about: one for one in told}


def not_ok(found: dict[str, Probed]) -> dict[str, str]:
    return {one.about: one.verdict.value for one in found.values() if one.verdict is not Verdict.OK}


def names_there(place: Place) -> list[str]:
    target = place.open()
    names = [one.name for one in target.listing()]
    target.close()
    return names
