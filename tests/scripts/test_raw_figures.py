"""Figures typed into a script: the placeholder that says them, proposed ready to be copied."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.findings import Findings
from programme.units import LanguageTag
from scripts.factbook import FactBook
from scripts.placeholders import resolve
from scripts.raw_figures import instead_of
from tests.scripts.checking import check_lines, contact

BOOK = FactBook(facts={}, contacts={})


@pytest.mark.parametrize(
    ("figure", "line", "language", "told"),
    [
        ("21", "Tiene 21 días.", "es-419", "{{number:21 days}}"),
        ("30", "Tiene 30 días hábiles.", "es", "{{number:30 working-days}}"),
        ("200", "Hay 200 Personas aquí.", "es", "{{number:200 people}}"),
        ("1", "It takes 1 hour.", "en", "{{number:1 hours}}"),
        ("2,5", "À 2,5 kilomètres d’ici.", "fr", "{{number:2.5 kilometres}}"),
        ("1.500", "São 1.500 pessoas.", "pt", "{{number:1500 people}}"),
        ("12 000", "Son 12 000 personas.", "es", "{{number:12000 people}}"),
        ("٢١", "بعد ٢١ يومًا.", "ar", "{{number:21 days}}"),
        ("30", "El 30 % llega.", "es", "{{number:30 percent}}"),
        ("30", "El 30 por ciento llega.", "es", "{{number:30 percent}}"),
        ("150", "Cuesta $150.", "es", "{{money:150 USD}}"),
        ("2.5", "Cuesta $2.5 hoy.", "es", "{{money:2.50 USD}}"),
        ("150", "Cuesta 150 pesos mexicanos.", "es", "{{money:150 MXN}}"),
        ("5", "It costs 5 euros.", "en", "{{money:5 EUR}}"),
        ("150", "Cuesta 150 MXN.", "es", "{{money:150 MXN}}"),
        ("150", "Cuesta MX$150.", "es", "currency's code"),
        ("14:30", "A las 14:30.", "es", "{{time:14:30}}"),
        ("2:30", "A las 2:30.", "es", "{{time:14:30}} where it is after noon"),
        ("10:30", "A las 10:30.", "es", "{{time:22:30}} where it is after noon"),
        ("08:00", "A las 08:00.", "es", "write {{time:08:00}}"),
        ("2:30", "A las 2:30 p. m. abre.", "es", "write {{time:14:30}}"),
        ("12:15", "At 12:15 am.", "en", "{{time:00:15}}"),
        ("9", "At 9 am.", "en", "write {{time:09:00}}"),
        ("9", "Abre a las 9 p. m. hoy.", "es", "write {{time:21:00}}"),
        ("9", "Le bureau ouvre à 9 h.", "fr", "{{time:09:00}}, or {{number:9 hours}} for how"),
        ("9", "Le bureau ouvre à 9 h 30.", "fr", "write {{time:09:30}}"),
        ("14", "O posto abre às 14h30.", "pt", "write {{time:14:30}}"),
        ("9", "O posto abre às 9h.", "pt", "{{time:09:00}}"),
        ("24", "Abierto 24 h.", "es", "{{number:24}}"),
        ("9", "Hay 9 hombres.", "es", "{{number:9 men}}"),
        ("2026-12-01", "El 2026-12-01.", "es", "{{date:2026-12-01}}"),
        ("1/12/2026", "El 1/12/2026.", "es", "{{date:2026-12-01}}"),
        ("3", "La 3.ª vez.", "es", "{{ordinal:3/f}}"),
        ("3", "The 3rd time.", "en", "{{ordinal:3}}"),
        ("0", "Cuesta 0 pesos.", "es", "that it is free"),
        ("7", "Sala 7.", "es", "{{number:7}}"),
        ("7", "Utz 7.", "quc", "{{number:7}}"),
    ],
)
def test_a_figure_is_answered_with_the_placeholder_that_says_it(
    figure: str, line: str, language: str, told: str
) -> None:
    assert told in instead_of(figure, line, LanguageTag(language), BOOK)


@pytest.mark.parametrize("figure", ["5512345678", "055", "01 800 55", "2026-02-30", "25:70", "½"])
def test_nothing_is_proposed_for_what_could_be_anything(figure: str) -> None:
    assert instead_of(figure, f"Es {figure}.", LanguageTag("es"), BOOK) == ""


@given(
    figure=st.from_regex(r"[0-9]{1,4}([.,:/ -][0-9]{1,4}){0,3}", fullmatch=True),
    after=st.sampled_from(["", " días", " %", " pesos", " euros", "ª", " p. m.", " USD"]),
)
def test_whatever_is_proposed_can_be_filled_in(figure: str, after: str) -> None:
    told = instead_of(figure, f"Son {figure}{after} hoy.", LanguageTag("es"), BOOK)
    for raw in re.findall(r"\{\{(?!fact).*?\}\}", told):
        findings = Findings()
        resolve(
            raw,
            file="x",
            line=1,
            language=LanguageTag("es"),
            book=BOOK,
            findings=findings,
        )
        # Ordinals end somewhere; everything else that is proposed is said.
        assert {finding.rule for finding in findings} <= {"spoken.word"}, raw


def test_a_script_with_figures_is_answered_with_the_placeholder() -> None:
    findings = check_lines(
        "Tiene 21 días.\nLlame al 800 5533 000.\nSon {{number:3 days}} y 2 horas."
    )
    told = {f.line: f.remedy for f in findings if f.rule == "words.raw-digits"}
    assert "{{number:21 days}}" in told[3]
    assert told[4].startswith("write {{phone:linea}}, or {{phone:consulado}}")
    assert "{{number:2 hours}}" in told[5]


def test_a_title_may_hold_a_number_that_is_no_fact() -> None:
    assert not check_lines("Espere.", title="Espere {{number:21 days}}")
    (refused,) = check_lines("Espere.", title="Llame al {{phone:linea}}")
    assert refused.rule == "script.title-fact"


def test_of_contacts_with_one_number_the_one_for_everybody_is_proposed_first() -> None:
    barred = contact("consulado", "consulate", "Consulado", ("asylum-seekers",))
    free = contact("linea", "hotline", "Línea")
    for contacts in ((barred, free), (free, barred)):
        book = FactBook(facts={}, contacts={one.id: one for one in contacts})
        told = instead_of("800 5533 000", "Llame al 800 5533 000.", LanguageTag("es"), book)
        assert told == "write {{phone:linea}}, or {{phone:consulado}} (not for asylum-seekers)"
