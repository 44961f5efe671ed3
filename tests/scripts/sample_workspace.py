"""A small workspace without a fault, to be broken one way at a time."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from programme.findings import Finding
from scripts.workspace import Workspace, read_workspace

TODAY = date(2026, 11, 22)

NETWORK = """\
[network]
id = "red"
name = "Red"
role_address = "radio@example.org"
base_url = "https://radio.example.org/"
website = "https://radio.example.org/"
source_language = "es-419"
languages = ["es-419", "en"]
licence = "cc-by-4.0"
licence_url = "https://creativecommons.org/licenses/by/4.0/"

[voices.en]
engine = "espeak"
accept_draft = true

[targets.public]
kind = "folder"
path = "public"
demo = true
"""

SEGMENT = """\
kind: procedure
key_message: "Pedir refugio es gratis."
call_to_action: "Llame a la línea."
topics: [asylum]
stages: [transit]
audiences: [refugees]
countries: [MX]
sensitivity: normal
sources:
  - {title: "Ley sobre Refugiados", url: "https://example.org/ley", retrieved: "2026-11-22"}
review_by: "2026-12-20"
expires: "2027-01-31"
"""

FACT = """\
id: asylum-free
statement:
  es-419: "pedir refugio es gratis cualquier día"
  en: "asking for asylum is free on any day"
sources:
  - {title: "UNHCR", url: "https://help.unhcr.org/", retrieved: "2026-11-22"}
verified_on: "2026-11-22"
review_by: "2026-12-22"
expires: "2027-01-31"
status: demo
owner: "Desk"
"""

CONTACT = """\
organization: {es-419: "la línea de ayuda", en: "the help line"}
kind: hotline
country: MX
reachable_from: [MX]
phones:
  - {groups: ["800", "55", "33", "000"], number: "+528005533000", cost: free}
sources:
  - {title: "Example", url: "https://example.org/"}
verified_on: "2026-11-22"
expires: "2027-01-31"
status: demo
owner: "Desk"
"""

SERIES = """\
kind: programme
title: {es-419: "Camino", en: "The way"}
description: {es-419: "Información.", en: "Information."}
languages: [es-419, en]
profile: podcast
category: ["Government"]
min_s: 10
max_s: 900
"""

EPISODE = """\
series: serie
number: 1
dated: "2026-11-22"
title: {es-419: "Uno", en: "One"}
bed: cama
rundown:
  - sound: campana
  - segment: asilo
    required: yes
  - segment: asilo
    bed: none
"""

STATION = """\
name: "Radio"
kind: radio
languages: [es-419, en]
series: [serie]
profile: broadcast
delivery: pack
publish_identity: no
country: GT
"""

ES = """\
# Pedir refugio es gratis

Pida refugio sin pagar.
En México, {{fact:asylum-free}}.
Llame al {{phone:linea}}.
"""

EN = """\
# Asking for asylum is free

Ask for asylum without paying.
In Mexico, {{fact:asylum-free}}.
Call {{phone:linea}}.
"""

FROM = """\
altavoz translation of es-419
# Pedir refugio es gratis
Pida refugio sin pagar.
En México, {{fact:asylum-free}}.
Llame al {{phone:linea}}.
"""

Changes = Mapping[str, str | bytes | None]
"""What a file of the workspace is to hold instead; None leaves it out."""

Fault = tuple[Changes, list[tuple[str, str]]]
"""Changes that break the workspace, and the place and rule of each finding they must give."""

FILES: Mapping[str, str] = {
    "altavoz.toml": NETWORK,
    "scripts/asilo/segment.yml": SEGMENT,
    "scripts/asilo/es-419.md": ES,
    "scripts/asilo/en.md": EN,
    "scripts/asilo/en.from": FROM,
    "facts/asylum-free.yml": FACT,
    "facts/linea.yml": CONTACT,
    "series/serie.yml": SERIES,
    "episodes/uno.yml": EPISODE,
    "stations/radio.yml": STATION,
    "sounds/campana.wav": "RIFF",
    "sounds/cama.wav": "RIFF",
}


def write_workspace(root: Path, changes: Changes | None = None) -> Path:
    """Write the workspace with some files replaced, added, or (None) left out."""
    files: dict[str, str | bytes | None] = {**FILES, **(changes or {})}
    for name, text in files.items():
        if text is None:
            continue
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return root


def check(root: Path, changes: Changes | None = None) -> tuple[Workspace | None, list[Finding]]:
    """Write the workspace with its changes and read it on the fixed day."""
    workspace, findings = read_workspace(write_workspace(root, changes), today=TODAY)
    return workspace, list(findings)


def places(findings: list[Finding]) -> list[tuple[str, str]]:
    """Give where each finding is and the rule that found it."""
    return [(finding.place, finding.rule) for finding in findings]


def told_badly(findings: list[Finding]) -> list[Finding]:
    """Give the findings that lack words, lack a remedy, or name a file as only Windows would."""
    return [
        finding
        for finding in findings
        if not finding.problem or not finding.remedy or "\\" in finding.file
    ]
