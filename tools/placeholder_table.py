"""Write docs/placeholders.md from what Altavoz says; with ``--check``, say whether it is stale."""

import argparse
import difflib
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "placeholders.md"
sys.path.insert(0, str(ROOT))

from programme.facts import Contact, Fact, FactStatus, Phone, PhoneType, Validity  # noqa: E402
from programme.findings import Findings  # noqa: E402
from programme.languages import language as known_language  # noqa: E402
from programme.units import LanguageTag  # noqa: E402
from scripts import spoken  # noqa: E402
from scripts.counted import currencies, unit_names  # noqa: E402
from scripts.factbook import FactBook  # noqa: E402
from scripts.placeholders import find_placeholders, resolve  # noqa: E402
from scripts.spoken_tables import table  # noqa: E402

SHOWN = tuple(LanguageTag(tag) for tag in ("es", "en", "fr", "pt", "ar", "ht"))
MISSING = "(not yet)"

HEAD = """# Placeholders: numbers, money, times, facts

Made from Altavoz itself by `python tools/placeholder_table.py`; do not edit it here.

A voice misreads figures, and readers in other countries misread signs. So a script never holds a
figure. It holds a placeholder, and Altavoz prints it for the page and says it in words for the
voice, in each language its own way. A translator copies the placeholder as it stands.

- Numbers are written with figures only. A point stands before decimals: `{{number:2.5 litres}}`.
- What follows the number is a unit from the list below. Altavoz finds the right form: *un día*,
  *veintiuna personas*, *يومين*.
- For any other word, write the number alone and the word after it: `{{number:200/f}} camas`. `/f`
  stands before a feminine word, `/m` before a masculine one. In Arabic it is the gender of the
  word that is counted. Each translator chooses; English and Creole need neither.
- Money always takes the currency's code, and is said with its full name: a peso is another one in
  each country.
- Times are written with 24 hours, `{{time:08:00}}`, and said with the part of the day.
- A telephone number is said digit by digit in the groups that its contact stores.
  `{{phone:ID twice}}` says it two times and prints it once.
- What a language has no words for is an error that says so. Nothing is guessed.

Articles: a time in Spanish brings its article (*a* `{{time:14:30}}`: *a las dos y media de la
tarde*), and in Arabic the word الساعة. In Portuguese the article melts with the word before it, so
you write it: *às* `{{time:14:30}}`, *à* `{{time:13:00}}`, *ao* `{{time:12:00}}`.
"""

EXAMPLES = (
    ("A telephone number", "{{phone:linea}}"),
    ("The contact's WhatsApp number, said twice", "{{phone:linea/whatsapp twice}}"),
    ("Days", "{{number:21 days}}"),
    ("People", "{{number:200 people}}"),
    ("Working days", "{{number:30 working-days}}"),
    ("Hours", "{{number:2 hours}}"),
    ("A million people", "{{number:1000000 people}}"),
    ("Part of a hundred", "{{number:30 percent}}"),
    ("Decimals", "{{number:2.5 kilometres}}"),
    ("A number alone", "{{number:21}}"),
    ("A number before a feminine word", "{{number:200/f}}"),
    ("Money", "{{money:150 USD}}"),
    ("Money with coins", "{{money:2.50 USD}}"),
    ("A time after noon", "{{time:14:30}}"),
    ("A time in the morning", "{{time:08:00}}"),
    ("Noon", "{{time:12:00}}"),
    ("An ordinal", "{{ordinal:3}}"),
    ("An ordinal before a feminine word", "{{ordinal:3/f}}"),
    ("A date", "{{date:2026-12-01}}"),
    ("A date with its day of the week", "{{date:2026-12-01 weekday}}"),
    ("When a fact or contact was verified", "{{verified:linea}}"),
)

FACTS = """## Facts and contacts

| placeholder | what it becomes |
|---|---|
| `{{fact:ID}}` | the fact's statement in the language |
| `{{phone:ID}}` | the contact's first telephone number |
| `{{phone:ID/whatsapp}}` | its first number of a type: TYPES |
| `{{phone:ID twice}}` | the number, said two times and printed once |
| `{{org:ID}}`, `{{service:ID}}` | the contact's organisation, and its service, in the language |
| `{{verified:ID}}` | the month in which the fact or contact was verified |
"""

TAIL = """## Another language

Everything that is said comes from one file for each language, `scripts/data/spoken/TAG.toml`. A
language is added by writing such a file; no program is changed. What it holds is told at the top of
`scripts/spoken_files.py`, and every fault of a file is told at once with its place. A speaker of
the language should write it.
"""


def example_book() -> FactBook:
    """Give the contact that the examples speak of."""
    validity = Validity(
        sources=(),
        verified_on=date(2026, 11, 22),
        expires=date(2027, 1, 31),
        status=FactStatus.DEMO,
    )
    facts: dict[str, Fact] = {}
    linea = Contact(
        id="linea",
        organization={},
        kind="hotline",
        country="MX",
        reachable_from=("MX",),
        phones=(
            Phone(groups=("800", "5533", "000"), number="+528005533000"),
            Phone(groups=("800", "5533", "000"), type=PhoneType.WHATSAPP),
        ),
        validity=validity,
        file="facts/linea.yml",
        line=1,
    )
    return FactBook(facts=facts, contacts={linea.id: linea})


def filled(raw: str, language: LanguageTag, book: FactBook) -> tuple[str, str]:
    """Give what is printed and said of a placeholder, without invisible direction marks."""
    done = resolve(raw, file="", line=0, language=language, book=book, findings=Findings())
    if done is None:
        return MISSING, MISSING
    return done.text.replace("\u2066", "").replace("\u2069", ""), done.spoken


def sections() -> Iterator[str]:
    """Give the parts of the page in order."""
    yield HEAD
    yield FACTS.replace("TYPES", ", ".join(kind.value for kind in PhoneType))
    yield "## What is printed and what is said\n"
    book = example_book()
    for title, raw in EXAMPLES:
        (mark,) = find_placeholders(raw)
        yield f"### {title}: `{mark.written}`\n\n| | printed | said |\n|---|---|---|"
        for language in SHOWN:
            text, said = filled(raw, language, book)
            yield f"| {known_language(language).english} | {text} | {said} |"
        yield ""
    yield "## Units\n"
    yield from units()
    yield "## Currencies\n"
    yield from money()
    yield TAIL


def units() -> Iterator[str]:
    """Give the table of units, each counted to three."""
    yield row("unit", "what it counts", *(known_language(tag).english for tag in SHOWN))
    yield row(*["---"] * (2 + len(SHOWN)))
    for unit, english in unit_names().items():
        said = [
            spoken.spell_counted(Decimal(3), unit, tag) if unit in words.units else MISSING
            for tag in SHOWN
            if (words := table(tag)) is not None
        ]
        yield row(f"`{unit}`", english, *said)
    yield ""


def money() -> Iterator[str]:
    """Give the table of currencies, five of each."""
    yield row("code", *(known_language(tag).english for tag in SHOWN))
    yield row(*["---"] * (1 + len(SHOWN)))
    for code in currencies():
        said = [
            spoken.spell_money(Decimal(5), code, tag) if code in words.money.currencies else MISSING
            for tag in SHOWN
            if (words := table(tag)) is not None
        ]
        yield row(f"`{code}`", *said)
    yield ""


def row(*cells: str) -> str:
    """Give one line of a table."""
    return "| " + " | ".join(cells) + " |"


def render() -> str:
    """Give the whole page."""
    return "\n".join(sections()).rstrip() + "\n"


def main() -> int:
    """Write or check the page; give the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only say whether it is stale")
    wanted = render()
    if not parser.parse_args().check:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    present = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    if present == wanted:
        return 0
    changes = difflib.unified_diff(
        present.splitlines(), wanted.splitlines(), PAGE.name, "what Altavoz says", lineterm=""
    )
    print("\n".join(changes))
    print("docs/placeholders.md is stale: run python tools/placeholder_table.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
