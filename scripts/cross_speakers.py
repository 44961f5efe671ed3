"""Speakers over the whole workspace: who is declared and says nothing."""

from collections.abc import Iterable

from programme.findings import Findings, Severity
from programme.network import Network
from programme.words import TranslationState
from scripts.read_network import NETWORK_FILE
from scripts.summaries import Summary


def check_speakers_used(
    network: Network, summaries: Iterable[Summary], *, findings: Findings
) -> None:
    """Note declared speakers who speak in no text; nothing while a text cannot be read."""
    if not network.speakers:
        return
    used: set[str] = set()
    for one in summaries:
        if one.state is TranslationState.FAULTY:
            return
        used.update(one.speakers)
    for name, speaker in network.speakers.items():
        if name not in used:
            findings.add(
                file=NETWORK_FILE,
                line=speaker.line,
                rule="speaker.unused",
                severity=Severity.INFO,
                problem=f"{name} is declared and says nothing in any text",
                remedy="nothing, if a dialogue is to come; else delete it here",
            )
