"""What ``altavoz targets test`` says of a place, for tests of what a place can do."""

from datetime import UTC, datetime

from production.targets import Line
from production.targets.probed import Verdict
from production.targets.probing import Trial, clear
from production.targets.probing_s3 import probe_conditions
from production.targets.s3 import S3Target
from programme.network import Network
from programme.units import LanguageTag, Url
from tests.targets.places import Place

NETWORK = Network(
    id="camino",
    name="Camino",
    role_address="radio@example.org",
    base_url=Url("https://radio.example.org/"),
    website=Url("https://radio.example.org/"),
    source_language=LanguageTag("es-419"),
    languages=(LanguageTag("es-419"),),
    licence="cc-by-4.0",
)


def told_of_conditions(place: Place) -> str:
    """Give what is said of conditional writes; empty where all of them work."""
    target = place.open()
    if not isinstance(target, S3Target):
        return ""
    trial = Trial(
        target=target,
        settings=place.settings,
        network=NETWORK,
        line=Line(),
        chance="0123456789abcdef",
        clock=lambda: datetime(2026, 11, 23, tzinfo=UTC),
    )
    probe_conditions(trial, target)
    clear(trial)
    target.close()
    told = {one.about: one for one in trial.probes}
    assert told["delete"].verdict is Verdict.OK
    return "" if told["conditions"].verdict is Verdict.OK else told["conditions"].found
