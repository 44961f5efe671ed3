"""A small workspace for tests: two content segments, three languages, three stations."""

import wave
from collections.abc import Mapping
from pathlib import Path

import numpy as np

FILES: Mapping[str, str] = {
    "altavoz.toml": """
[network]
id = "small"
name = "Small"
role_address = "radio@example.org"
base_url = "https://radio.example.org/"
website = "https://radio.example.org/"
source_language = "es-419"
languages = ["es-419", "en", "ht"]
licence = "cc-by-4.0"

[reviews]
required = false

[targets.public]
kind = "folder"
path = "public"
demo = true

[targets.real]
kind = "folder"
path = "real"
""",
    "facts/cr-911.yml": """
id: cr-911
organization: {es-419: "Emergencias de Costa Rica", en: "Costa Rica Emergencies", ht: "Ijans"}
service: {es-419: "emergencias", en: "emergencies", ht: "ijans"}
kind: hotline
country: CR
reachable_from: [CR]
phones:
  - {groups: ["9", "1", "1"], type: voice, cost: free, short_code: yes}
sources: [{title: "PANI", url: "https://pani.go.cr/", retrieved: "2026-11-22"}]
verified_on: "2026-11-22"
review_by: "2026-12-22"
expires: "2027-01-31"
status: demo
owner: "Verification desk"
""",
    "scripts/agua/segment.yml": """
kind: self-care
key_message: "Lleve agua."
topics: [health]
sources: [{title: "PANI", url: "https://pani.go.cr/", retrieved: "2026-11-22"}]
review_by: "2026-12-20"
expires: "2027-01-15"
""",
    "scripts/agua/es-419.md": "# Agua\n\nLleve agua con usted.\nBeba poco a poco.\n",
    "scripts/agua/en.md": "# Water\n\nCarry water with you.\nDrink little by little.\n",
    "scripts/agua/en.from": (
        "altavoz translation of es-419\n# Agua\nLleve agua con usted.\nBeba poco a poco.\n"
    ),
    "scripts/ayuda/segment.yml": """
kind: service-prompt
key_message: "Llame en una emergencia."
call_to_action: "Llame."
topics: [health]
countries: [CR]
sources: [{title: "PANI", url: "https://pani.go.cr/", retrieved: "2026-11-22"}]
review_by: "2026-12-20"
expires: "2027-01-15"
""",
    "scripts/ayuda/es-419.md": "# Ayuda\n\nLlame al {{phone:cr-911}}.\nRepito: {{phone:cr-911}}.\n",
    "scripts/ayuda/en.md": "# Help\n\nCall {{phone:cr-911}}.\nAgain: {{phone:cr-911}}.\n",
    "scripts/ayuda/en.from": (
        "altavoz translation of es-419\n# Ayuda\n"
        "Llame al {{phone:cr-911}}.\nRepito: {{phone:cr-911}}.\n"
    ),
    "scripts/aviso/segment.yml": 'kind: disclaimer\nkey_message: "Verifique."\n',
    "scripts/aviso/es-419.md": "# Aviso\n\nEsto es un ejemplo.\nVerifique antes de transmitir.\n",
    "scripts/aviso/en.md": "# Notice\n\nThis is an example.\nVerify before you broadcast.\n",
    "scripts/aviso/en.from": (
        "altavoz translation of es-419\n# Aviso\n"
        "Esto es un ejemplo.\nVerifique antes de transmitir.\n"
    ),
    "series/corta.yml": """
kind: spots
title: {es-419: "Corta", en: "Short", ht: "Kout"}
description: {es-419: "Mensajes cortos.", en: "Short messages.", ht: "Mesaj kout."}
languages: [es-419, en, ht]
profile: podcast
category: [Government]
""",
    "series/bucle.yml": """
kind: loop
title: {es-419: "Bucle", en: "Loop"}
description: {es-419: "Para el altavoz.", en: "For the loudspeaker."}
languages: [es-419, en]
profile: loudspeaker
category: [Government]
""",
    "episodes/corta-1.yml": """
series: corta
number: 1
dated: "2026-11-22"
title: {es-419: "Agua y ayuda", en: "Water and help", ht: "Dlo"}
bed: cama
rundown:
  - sound: tono
  - segment: aviso
    bed: none
    required: yes
  - segment: agua
  - segment: ayuda
    sting: tono
""",
    "episodes/bucle-1.yml": """
series: bucle
number: 1
dated: "2026-11-22"
title: {es-419: "Agua", en: "Water"}
rundown:
  - segment: agua
    sting: tono
    repeat: 2
    required: yes
""",
    "stations/feed.yml": """
name: "Radio A"
kind: radio
languages: [es-419]
series: [corta]
profile: podcast
delivery: feed
country: CR
""",
    "stations/packs.yml": """
name: "Radio B"
kind: radio
languages: [es-419, en]
series: [corta]
profile: broadcast
delivery: pack
country: CR
""",
    "stations/terminal.yml": """
name: "Terminal"
kind: transit
languages: [en, es-419]
series: [bucle]
profile: loudspeaker
delivery: pack
country: CR
""",
}


def write_small(root: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """Write the small workspace; ``changes`` replaces files, or leaves out those set to None."""
    for name, text in {**FILES, **(changes or {})}.items():
        if text is None:
            continue
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    write_tone(root / "sounds" / "tono.wav", seconds=0.8, pitch_hz=440.0)
    write_tone(root / "sounds" / "cama.wav", seconds=3.0, pitch_hz=220.0)
    return root


def write_tone(path: Path, *, seconds: float, pitch_hz: float, level: float = 0.3) -> None:
    """Write a faded tone as a 16-bit mono WAV of 48 kHz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    times = np.arange(round(48_000 * seconds)) / 48_000
    edge = np.minimum(1.0, np.minimum(times, seconds - times) * 20)
    samples = level * np.sin(2 * np.pi * pitch_hz * times) * edge
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
