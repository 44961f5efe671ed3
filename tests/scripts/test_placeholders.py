"""Placeholders: what they become on the page and in the voice, and how each fault is told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.facts import Contact, Fact, FactStatus, Phone, PhoneType, Validity
from programme.findings import Findings, Severity
from programme.units import LanguageTag
from scripts.factbook import FactBook
from scripts.placeholders import KINDS, Resolved, find_placeholders, resolve
from scripts.wording import maybe_meant
from tests.scripts.checking import check_lines

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
        ("Tiene {{number:21 days}}.", "Tiene 21 días.", "Tiene veintiún días.", ()),
        ("Hay {{ number:200/f }} camas.", "Hay 200 camas.", "Hay doscientas camas.", ()),
        ("Son {{number:2.0 litres}}.", "Son 2 litros.", "Son dos litros.", ()),
        ("El {{number:30  percent}}.", "El 30 %.", "El treinta por ciento.", ()),
        (
            "Cuesta {{money:2.50 USD}}.",
            "Cuesta 2.50 dólares estadounidenses.",
            "Cuesta dos dólares estadounidenses con cincuenta centavos.",
            (),
        ),
        ("A {{time:14:30}}.", "A las 14:30.", "A las dos y media de la tarde.", ()),
        ("El {{ordinal:3/m}} paso.", "El tercer paso.", "", ()),
        (
            "El {{date:2026-12-01 weekday}}.",
            "El martes 1 de diciembre de 2026.",
            "El martes primero de diciembre de dos mil veintiséis.",
            (),
        ),
        (
            "Llame al {{phone:mx-lnctp/whatsapp twice}}.",
            "Llame al 55 1234.",
            "Llame al cinco cinco, uno dos tres cuatro. Repito: cinco cinco, uno dos tres cuatro.",
            ("mx-lnctp",),
        ),
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
        ("{{number:21}}", "quc", "spoken.language", "quc"),
        ("{{number:21 dayz}}", "es-419", "placeholder.unit", "did you mean days?"),
        ("{{number:21 Personas}}", "es-419", "placeholder.unit", "did you mean people?"),
        ("{{number:21 personas}}", "fr", "placeholder.unit", "or one of people, women"),
        ("{{number:21 days}}", "ht", "", ""),
        ("{{number:21 hours}}", "ht", "spoken.word", "hours in ht"),
        ("{{number:0 days}}", "es-419", "placeholder.number", "there are none"),
        ("{{number:1,500}}", "es-419", "placeholder.number", "{{number:1500}}"),
        ("{{number:1.500}}", "es-419", "placeholder.number", "{{number:1500}}"),
        ("{{number:1,5}}", "es-419", "placeholder.number", "with a point"),
        ("{{number:1.505}}", "es-419", "placeholder.number", "{{number:1505}}"),
        ("{{number:007}}", "es-419", "placeholder.number", "up to 999999999"),
        ("{{number:-3}}", "es-419", "placeholder.number", "up to 999999999"),
        ("{{number:1000000000}}", "es-419", "placeholder.number", "up to 999999999"),
        ("{{number:٢١}}", "es-419", "placeholder.number", "up to 999999999"),
        ("{{number:21/f days}}", "es-419", "placeholder.gender", "{{number:21 days}}"),
        ("{{number:21/feminine}}", "es-419", "placeholder.gender", "{{number:21/f}}"),
        ("{{number:21 days now}}", "es-419", "placeholder.form", "{{kind:id}}"),
        ("{{money:150}}", "es-419", "placeholder.currency", "currency is missing"),
        ("{{money:150 usd}}", "es-419", "placeholder.currency", "did you mean USD?"),
        (
            "{{money:150 pesos}}",
            "es-419",
            "placeholder.currency",
            "did you mean MXN (Mexican peso) or DOP (Dominican peso) or COP (Colombian peso) or ",
        ),
        ("{{money:5 Euros}}", "es", "placeholder.currency", "did you mean EUR (euro)? the"),
        ("{{money:5 gourdes}}", "es", "placeholder.currency", "did you mean HTG (Haitian gourde)?"),
        (
            "{{money:5 colones}}",
            "es",
            "placeholder.currency",
            "did you mean CRC (Costa Rican colón)?",
        ),
        (
            "{{money:5 dolares}}",
            "es",
            "placeholder.currency",
            "did you mean USD (United States dol",
        ),
        ("{{money:5 de}}", "es", "placeholder.currency", "the currencies are"),
        ("{{money:USD 150}}", "es-419", "placeholder.currency", "USD, MXN"),
        ("{{money:150/f USD}}", "es-419", "placeholder.money", "{{money:150 USD}}"),
        ("{{money:2.5 USD}}", "es-419", "placeholder.money", "two decimals or none"),
        ("{{money:2.505 USD}}", "es-419", "placeholder.money", "two decimals or none"),
        ("{{money:1,500 USD}}", "es-419", "placeholder.money", "{{money:1500 USD}}"),
        ("{{money:2.50 CLP}}", "es-419", "placeholder.money", "{{money:2 CLP}}"),
        ("{{money:0.00 USD}}", "es-419", "placeholder.money", "free"),
        ("{{money:5 GTQ}}", "ht", "spoken.word", "Guatemalan quetzal"),
        ("{{time:8:00}}", "es-419", "placeholder.time", "{{time:08:00}}"),
        ("{{time:24:00}}", "es-419", "placeholder.time", "24 hours"),
        ("{{time:14:60}}", "es-419", "placeholder.time", "24 hours"),
        ("{{time:2pm}}", "es-419", "placeholder.time", "{{time:14:30}}"),
        ("{{time:14:30 h}}", "es-419", "placeholder.time", "{{time:14:30}}"),
        ("{{ordinal:0}}", "es-419", "placeholder.ordinal", "from 1"),
        ("{{ordinal:3rd}}", "es-419", "placeholder.ordinal", "{{ordinal:3}}"),
        ("{{ordinal:3/x}}", "es-419", "placeholder.gender", "{{ordinal:3/f}}"),
        ("{{ordinal:40}}", "es-419", "spoken.word", "only up to 31"),
        ("{{date:2026-12-01 monday}}", "es-419", "placeholder.date", "weekday}}"),
        ("{{phone:mx-lnctp tvice}}", "es-419", "placeholder.word", "{{phone:mx-lnctp twice}}"),
        ("{{org:mx-lnctp twice}}", "es-419", "placeholder.word", "{{org:mx-lnctp}}"),
        ("{{phone:mx-lnctp twice}}", "quc", "spoken.language", "quc"),
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


def test_what_was_filled_in_is_said_no_more_once_the_book_says_something_else() -> None:
    def said(book: FactBook, raw: str) -> str | None:
        findings = Findings()
        done = resolve(raw, file="x", line=1, language=ES, book=book, findings=findings)
        assert (done is None) is bool(findings.items)
        return done and done.text

    one = FactBook(facts={"a": fact("a", {"es-419": "es gratis"})}, contacts={}, faulty={})
    other = FactBook(facts={"a": fact("a", {"es-419": "cuesta dinero"})}, contacts={}, faulty={})
    phone = FactBook(facts={}, contacts={"a": contact("a", Phone(groups=("800", "1")))}, faulty={})
    none = FactBook(facts={}, contacts={}, faulty={"a": "facts/a.yml"})
    for book, told in ((one, "es gratis"), (other, "cuesta dinero"), (none, None), (phone, None)):
        for _ in range(2):
            assert said(book, "{{fact:a}}") == told
    assert said(phone, "{{phone:a}}") is not None
    assert said(one, "{{phone:a}}") is None


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


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("{{number:200/f}}", "number:200"),
        ("{{ number:200 }}", "number:200"),
        ("{{number:21   days}}", "number:21 days"),
        ("{{ordinal:3/f}}", "ordinal:3"),
        ("{{phone:a/sms twice}}", "phone:a/sms"),
        ("{{phone:a twice}}", "phone:a"),
        ("{{money:150 USD}}", "money:150 USD"),
        ("{{time:14:30}}", "time:14:30"),
        ("{{date:2026-12-01 weekday}}", "date:2026-12-01 weekday"),
    ],
)
def test_what_a_translator_may_choose_is_not_compared(raw: str, key: str) -> None:
    (mark,) = find_placeholders(raw)
    assert mark.key == key
    assert mark.twice is (mark.word == "twice")
    assert mark.refers is (mark.kind == "phone")


@pytest.mark.parametrize(("raw", "found"), [("{{phone:linea}}", 1), ("{{phone:linea twice}}", 0)])
def test_a_number_said_twice_in_one_sentence_counts_twice(raw: str, found: int) -> None:
    findings = check_lines(f"Llame al {raw}.", kind="service-prompt")
    told = [finding for finding in findings if finding.rule == "plain.say-twice"]
    assert len(told) == found
    assert all("{{phone:linea twice}}" in finding.remedy for finding in told)


def test_a_value_never_speaks_a_fact_of_the_same_name() -> None:
    # An old fact could be called 21 as well.
    book = FactBook(facts={"21": fact("21", {"es-419": "no"}, FactStatus.WITHDRAWN)}, contacts={})
    findings = Findings()
    done = resolve(
        "Tiene {{number:21 days}}.", file="x", line=1, language=ES, book=book, findings=findings
    )
    assert done is not None
    assert done.facts == ()
    assert not len(findings)


@given(
    raw=st.text(
        alphabet=st.sampled_from(list("{}:/ factphone-mx\u0661\u202e\n'0123.,")), max_size=60
    )
)
def test_no_line_makes_it_stumble(raw: str) -> None:
    done, findings = fill(raw)
    assert (done is None) == findings.has_errors


@given(
    kind=st.sampled_from(KINDS),
    inside=st.text(alphabet=st.sampled_from(list("0123456789.,:/- mfUSDaystwice")), max_size=20),
    language=st.sampled_from(["es-419", "ar", "ht", "quc"]),
)
def test_no_value_makes_it_stumble_or_leaves_figures_to_a_voice(
    kind: str, inside: str, language: str
) -> None:
    done, findings = fill(f"{{{{{kind}:{inside}}}}}", language)
    assert (done is None) == findings.has_errors
    if done is not None:
        assert not any(char.isdigit() for char in done.spoken)


def test_a_contact_is_found_by_the_digits_that_somebody_typed() -> None:
    for digits in ("8005533000", "528005533000"):
        assert [one.id for one in BOOK.contacts_with_digits(digits)] == ["mx-lnctp"]
    for digits in ("80", "", "999999"):
        assert BOOK.contacts_with_digits(digits) == ()


def test_nothing_near_is_proposed_where_nothing_is_near() -> None:
    assert maybe_meant("zzzz", ["asylum-free"]) == ""
    assert maybe_meant("asylum-fre", ["asylum-free", *(f"a{n}" for n in range(5000))]) == ""


def test_a_wording_that_a_fact_lacks_is_told_once_a_script_at_its_first_line() -> None:
    found = check_lines(
        "Bonjou.\nGade {{fact:dato}}.\n{{ fact:dato }} ak {{fact:nobody}}.\n"
        "{{fact:dato}}, {{fact:dato}}.\nSe {{org:linea}}.",
        language="ht",
    )
    assert [f.line for f in found if f.rule == "placeholder.id"] == [5]
    [told] = [f for f in found if f.rule == "fact.language"]
    assert told.line == 4
    assert told.problem == (
        "{{fact:dato}}: facts/dato.yml:1 has no statement in ht (3 lines speak it)"
    )
    assert told.severity is Severity.ERROR
    [told] = [f for f in check_lines("{{fact:dato}}.", language="ht") if f.rule == "fact.language"]
    assert told.problem.endswith("has no statement in ht")
