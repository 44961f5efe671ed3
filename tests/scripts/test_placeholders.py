"""Placeholders: what they become on the page and in the voice, and how each fault is told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.facts import Contact, Fact, FactStatus, Phone, PhoneType, Validity
from programme.findings import Findings, Severity
from programme.units import LanguageTag
from scripts.factbook import FactBook, did_you_mean
from scripts.placeholders import Resolved, find_placeholders, resolve

ES = LanguageTag("es-419")


def validity(status: FactStatus = FactStatus.DEMO) -> Validity:
    return Validity(
        sources=(),
        verified_on=date(2026, 11, 22),
        expires=date(2027, 1, 31),
        status=status,
    )


def fact(name: str, statement: dict[str, str], status: FactStatus = FactStatus.DEMO) -> Fact:
    return Fact(
        id=name,
        statement={LanguageTag(tag): words for tag, words in statement.items()},
        validity=validity(status),
        file=f"facts/{name}.yml",
        line=1,
    )


def contact(name: str, *phones: Phone) -> Contact:
    return Contact(
        id=name,
        organization={
            ES: "Línea Nacional contra la Trata de Personas",
            LanguageTag("ar"): "الخط الوطني لمكافحة الاتجار بالأشخاص",
        },
        service={ES: "ayuda a víctimas"},
        kind="hotline",
        country="MX",
        reachable_from=("MX",),
        phones=phones,
        validity=validity(),
        file=f"facts/{name}.yml",
        line=1,
    )


BOOK = FactBook(
    facts={
        "asylum-free": fact("asylum-free", {"es-419": "pedir refugio es gratis"}),
        "with-digits": fact("with-digits", {"es-419": "tiene 30 días"}),
        "with-markup": fact("with-markup", {"es-419": "llame [[x]] ya"}),
        "with-bidi": fact("with-bidi", {"es-419": "pague\u202e nada"}),
        "with-brace": fact("with-brace", {"es-419": "diga {{phone:mx-lnctp}}"}),
        "empty": fact("empty", {"es-419": "  "}),
        "old": fact("old", {"es-419": "no cuesta nada"}, FactStatus.WITHDRAWN),
    },
    contacts={
        "mx-lnctp": contact(
            "mx-lnctp",
            Phone(groups=("800", "5533", "000"), number="+528005533000"),
            Phone(groups=("55", "1234"), type=PhoneType.WHATSAPP),
        ),
        "mute": contact("mute"),
        "broken": contact("broken", Phone(groups=("80O", "55"))),
    },
)


def fill(raw: str, language: str = "es-419") -> tuple[Resolved | None, Findings]:
    findings = Findings()
    done = resolve(
        raw, file="x.md", line=7, language=LanguageTag(language), book=BOOK, findings=findings
    )
    return done, findings


@pytest.mark.parametrize(
    ("raw", "text", "said", "facts"),
    [
        ("Hoy {{fact:asylum-free}}.", "Hoy pedir refugio es gratis.", "", ("asylum-free",)),
        (
            "Llame al {{phone:mx-lnctp}}.",
            "Llame al 800 5533 000.",
            "Llame al ocho cero cero, cinco cinco tres tres, cero cero cero.",
            ("mx-lnctp",),
        ),
        (
            "Escriba al {{phone:mx-lnctp/whatsapp}}.",
            "Escriba al 55 1234.",
            "Escriba al cinco cinco, uno dos tres cuatro.",
            ("mx-lnctp",),
        ),
        (
            "Es la {{org:mx-lnctp}}: {{service:mx-lnctp}}.",
            "Es la Línea Nacional contra la Trata de Personas: ayuda a víctimas.",
            "",
            ("mx-lnctp",),
        ),
        (
            "Hasta el {{date:2026-12-01}}.",
            "Hasta el 1 de diciembre de 2026.",
            "Hasta el primero de diciembre de dos mil veintiséis.",
            (),
        ),
        (
            "Se verificó en {{ verified:asylum-free }}.",
            "Se verificó en noviembre de 2026.",
            "Se verificó en noviembre de dos mil veintiséis.",
            ("asylum-free",),
        ),
        ("Sin  nada\u00a0más.", "Sin nada más.", "", ()),
    ],
)
def test_a_placeholder_becomes_words(
    raw: str, text: str, said: str, facts: tuple[str, ...]
) -> None:
    done, findings = fill(raw)
    assert done == Resolved(text=text, spoken=said or text, facts=facts)
    assert not len(findings)


def test_a_number_in_arabic_is_isolated_on_the_page_and_said_in_arabic() -> None:
    done, _ = fill("الرقم هو {{phone:mx-lnctp}}.", "ar")
    assert done is not None
    assert done.text == "الرقم هو \u2066800 5533 000\u2069."
    assert done.spoken == "الرقم هو ثمانية صفر صفر، خمسة خمسة ثلاثة ثلاثة، صفر صفر صفر."


@pytest.mark.parametrize(
    ("raw", "language", "rule", "told"),
    [
        ("{{fact:asylum-fre}}", "es-419", "placeholder.id", "did you mean asylum-free?"),
        ("{{phone:mx-lnct}}", "es-419", "placeholder.id", "did you mean mx-lnctp?"),
        ("{{phone:asylum-free}}", "es-419", "placeholder.id", "{{fact:asylum-free}}"),
        ("{{fact:mx-lnctp}}", "es-419", "placeholder.id", "{{phone:mx-lnctp}}"),
        ("{{verified:nobody}}", "es-419", "placeholder.id", "facts/"),
        ("{{phnoe:mx-lnctp}}", "es-419", "placeholder.kind", "did you mean phone?"),
        ("{{mx-lnctp}}", "es-419", "placeholder.form", "{{kind:id}}"),
        ("{{}}", "es-419", "placeholder.form", "{{kind:id}}"),
        ("{{org:mx-lnctp/x}}", "es-419", "placeholder.form", "{{org:mx-lnctp}}"),
        ("{{phone:mx-lnctp/}}", "es-419", "", ""),
        ("{{phone:mx-lnctp/whatsap}}", "es-419", "placeholder.type", "did you mean whatsapp?"),
        ("{{phone:mx-lnctp/sms}}", "es-419", "placeholder.type", "voice, whatsapp"),
        ("{{phone:mute}}", "es-419", "fact.phone", "facts/mute.yml"),
        ("{{phone:broken}}", "es-419", "fact.phone", "facts/broken.yml"),
        ("{{date:2026-02-30}}", "es-419", "placeholder.date", "2026-12-01"),
        ("{{date:20261201}}", "es-419", "placeholder.date", "2026-12-01"),
        ("{{date:٢٠٢٦-١٢-٠١}}", "es-419", "placeholder.date", "2026-12-01"),
        ("{{fact:asylum-free}}", "en", "fact.language", "facts/asylum-free.yml"),
        ("{{service:mx-lnctp}}", "ar", "fact.language", "facts/mx-lnctp.yml"),
        ("{{fact:asylum-free}}", "es", "fact.language", "in es"),
        ("{{fact:empty}}", "es-419", "fact.language", "facts/empty.yml"),
        ("{{phone:mx-lnctp}}", "quc", "spoken.language", "quc"),
        ("{{date:2026-12-01}}", "mam", "spoken.language", "mam"),
        ("{{fact:with-digits}}", "es-419", "fact.words", "30"),
        ("{{fact:with-markup}}", "es-419", "fact.words", "["),
        ("{{fact:with-bidi}}", "es-419", "fact.words", "U+202E"),
        ("{{fact:with-brace}}", "es-419", "fact.words", "{"),
    ],
)
def test_each_fault_is_told_with_its_rule_and_what_to_do(
    raw: str, language: str, rule: str, told: str
) -> None:
    done, findings = fill(f"Diga {raw} ya.", language)
    assert [(f.rule, f.line, f.severity) for f in findings] == (
        [(rule, 7, Severity.ERROR)] if rule else []
    )
    assert (done is None) is bool(rule)
    assert told in "".join(f"{f.problem} {f.remedy}" for f in findings)


def test_every_faulty_placeholder_of_a_line_is_told() -> None:
    _, findings = fill("{{fact:a}} y {{phone:b}} y {{date:c}}")
    assert len(findings) == 3


def test_a_withdrawn_fact_is_spoken_with_a_warning() -> None:
    done, findings = fill("Hoy {{fact:old}}.")
    assert done is not None
    assert [(f.rule, f.severity) for f in findings] == [("fact.withdrawn", Severity.WARNING)]


def test_what_a_placeholder_becomes_is_not_looked_at_again() -> None:
    assert [mark.key for mark in find_placeholders("{{org:a}} {{{fact:b}}} {{phone:c / sms}}")] == [
        "org:a",
        "fact:b",
        ":",
    ]


@given(raw=st.text(alphabet=st.sampled_from(list("{}:/ factphone-mx\u0661\u202e\n'")), max_size=60))
def test_no_line_makes_it_stumble(raw: str) -> None:
    done, findings = fill(raw)
    assert (done is None) == findings.has_errors


def test_a_contact_is_found_by_the_digits_that_somebody_typed() -> None:
    assert BOOK.contact_with_digits("8005533000") == "mx-lnctp"
    assert BOOK.contact_with_digits("528005533000") == "mx-lnctp"
    assert BOOK.contact_with_digits("80") == ""
    assert BOOK.contact_with_digits("") == ""
    assert BOOK.contact_with_digits("999999") == ""


def test_nothing_near_is_proposed_where_nothing_is_near() -> None:
    assert did_you_mean("zzzz", ["asylum-free"]) == ""
    assert did_you_mean("asylum-fre", [f"a{n}" for n in range(5000)]) == ""
