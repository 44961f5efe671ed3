"""A workspace to be recorded in: five languages, one that nobody writes, and hostile words."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from production.takes.kit import TakeKit, make_take_kit
from programme.units import LanguageTag
from tests.production.running import TODAY, read
from tests.production.small import FILES, write_small

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}"
ES, AR, HT, QUC = map(LanguageTag, ("es-419", "ar", "ht", "quc"))
TAGS = "[es-419, en, ht, ar, quc]"
TO_RECORD: Mapping[str, str | None] = {
    "altavoz.toml": FILES["altavoz.toml"]
    .replace('["es-419", "en", "ht"]', '["es-419", "en", "ht", "ar", "quc"]')
    .replace('name = "Small"', 'name = "Small & {{ 7*7 }}"'),
    "series/corta.yml": FILES["series/corta.yml"]
    .replace("[es-419, en, ht]", TAGS)
    .replace('ht: "Kout"', 'ht: "Kout", ar: "قصير", quc: "Small"')
    .replace('ht: "Mesaj kout."', 'ht: "Mesaj kout.", ar: "رسائل قصيرة.", quc: "Small."'),
    "episodes/corta-1.yml": FILES["episodes/corta-1.yml"].replace(
        'ht: "Dlo"', 'ht: "Dlo", ar: "ماء", quc: "Small 1"'
    ),
    "lexicon/es-419.yml": (
        f'- written: agua\n  say: agua\n  ipa: "ˈaɣwa"\n  kind: word\n  note: "{HOSTILE}"\n'
    ),
    "scripts/agua/ar.md": "# ماء\n\nاحملوا الماء معكم.\nاشربوا قليلاً قليلاً.\n",
    "scripts/agua/ar.from": (
        "altavoz translation of es-419\n# Agua\nLleve agua con usted.\nBeba poco a poco.\n"
    ),
    "scripts/ayuda/ar.md": "# مساعدة\n\nاتصلوا بالرقم {{phone:cr-911}}.\nأكرر: {{phone:cr-911}}.\n",
    "scripts/ayuda/ar.from": (
        "altavoz translation of es-419\n# Ayuda\n"
        "Llame al {{phone:cr-911}}.\nRepito: {{phone:cr-911}}.\n"
    ),
}


def to_record(root: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """Write the workspace."""
    return write_small(root, {**TO_RECORD, **(changes or {})})


def kit_of(root: Path, tag: LanguageTag, *, whole: bool = False, day: date = TODAY) -> TakeKit:
    """Make the kit of what a language lacks."""
    return make_take_kit(read(root, day), tag, whole=whole, today=day)


def stems(kit: TakeKit) -> list[str]:
    """Give the file names that a kit asks for."""
    return [prompt.name.stem for prompt in kit.prompts]
