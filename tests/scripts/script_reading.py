"""Reads the text of a script file with a small fact book."""

from datetime import date

from programme.facts import Contact, Fact, FactStatus, Phone, Validity
from programme.findings import Findings
from programme.units import LanguageTag
from programme.words import Script
from scripts.factbook import FactBook
from scripts.house_style import built_in_style
from scripts.script_file import parse_script

VALIDITY = Validity(
    sources=(),
    verified_on=date(2026, 11, 22),
    expires=date(2027, 1, 31),
    status=FactStatus.DEMO,
)
BOOK = FactBook(
    facts={
        "asylum-free": Fact(
            id="asylum-free",
            statement={LanguageTag("es-419"): "pedir refugio es gratis"},
            validity=VALIDITY,
            file="facts/asylum-free.yml",
            line=1,
        )
    },
    contacts={
        "mx-lnctp": Contact(
            id="mx-lnctp",
            organization={LanguageTag("es-419"): "Línea Nacional contra la Trata de Personas"},
            kind="hotline",
            country="MX",
            reachable_from=("MX",),
            phones=(Phone(groups=("800", "5533", "000"), number="+528005533000"),),
            validity=VALIDITY,
            file="facts/mx-lnctp.yml",
            line=1,
        )
    },
)


def read(text: str, language: str = "es-419") -> tuple[Script | None, Findings]:
    findings = Findings()
    script = parse_script(
        text,
        file="scripts/x/es-419.md",
        segment="x",
        language=LanguageTag(language),
        book=BOOK,
        style=built_in_style(),
        findings=findings,
    )
    return script, findings
