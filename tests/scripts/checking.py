"""One script checked as `altavoz check` checks it, over a small book of facts."""

from datetime import date

from programme.facts import Contact, Fact, FactStatus, Phone, Validity
from programme.findings import Finding, Findings
from programme.segments import Segment, SegmentKind
from programme.units import LanguageTag
from scripts.allowances import settle
from scripts.factbook import FactBook
from scripts.house_style import HouseStyle, built_in_style
from scripts.rules import check_script
from scripts.script_file import read_script

_VALID = Validity(
    sources=(),
    verified_on=date(2026, 11, 1),
    expires=date(2027, 1, 31),
    status=FactStatus.DEMO,
)
_TAGS = ("es", "es-419", "en", "fr", "pt", "pt-BR", "ar", "ht")


def contact(name: str, kind: str, organization: str, not_for: tuple[str, ...] = ()) -> Contact:
    """Make a contact in Mexico with the number that examples speak."""
    return Contact(
        id=name,
        organization={LanguageTag(tag): organization for tag in _TAGS},
        kind=kind,
        country="MX",
        reachable_from=("MX",),
        phones=(Phone(groups=("800", "5533", "000"), number="+528005533000"),),
        not_for=not_for,
        validity=_VALID,
        file=f"facts/{name}.yml",
        line=1,
    )


BOOK = FactBook(
    facts={
        "dato": Fact(
            id="dato",
            statement={
                LanguageTag("es"): "pedir refugio es gratis",
                LanguageTag("es-419"): "pedir refugio es gratis",
                LanguageTag("en"): "asking for refuge is free",
                LanguageTag("fr"): "demander refuge est gratuit",
                LanguageTag("pt"): "pedir refúgio é grátis",
                LanguageTag("pt-BR"): "pedir refúgio é grátis",
                LanguageTag("ar"): "طلب اللجوء مجاني",
            },
            validity=_VALID,
            file="facts/dato.yml",
            line=1,
        )
    },
    contacts={
        "linea": contact("linea", "hotline", "Línea Nacional"),
        "consulado": contact("consulado", "consulate", "Consulado", ("asylum-seekers",)),
    },
)


def check_lines(
    lines: str,
    *,
    language: str = "es-419",
    kind: str = "awareness",
    audiences: tuple[str, ...] = (),
    title: str = "T",
    style: HouseStyle | None = None,
) -> list[Finding]:
    """Give every finding about a script of these lines, in the fixed order."""
    found = Findings()
    chosen = style or built_in_style()
    reading = read_script(
        f"# {title}\n\n{lines}\n",
        file="x.md",
        segment="x",
        language=LanguageTag(language),
        book=BOOK,
        style=chosen,
        findings=found,
    )
    if reading.draft is not None:
        segment = Segment(
            id="x", kind=SegmentKind(kind), key_message="", audiences=audiences, file="segment.yml"
        )
        check_script(reading.draft, segment, book=BOOK, style=chosen, findings=found)
        found = Findings(settle(reading.draft, found.items, idle=reading.script is not None))
    return list(found)
