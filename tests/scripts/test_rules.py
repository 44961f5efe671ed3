"""Rules of plain, safe speech: what they find, and what they leave in peace."""

import time
from datetime import date

import pytest

from programme.facts import Contact, FactStatus, Phone, Validity
from programme.findings import Finding, Findings, Severity
from programme.segments import Segment, SegmentKind
from programme.units import LanguageTag
from scripts.factbook import FactBook
from scripts.house_style import built_in_style
from scripts.rules import check_script
from scripts.rules_readability import count_syllables, score_spanish
from scripts.rules_terms import expand, find_terms, terms
from scripts.rules_words import words_of
from scripts.script_file import parse_script

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

BOOK = FactBook(
    facts={},
    contacts={
        "line": Contact(
            id="line",
            organization={LanguageTag("es-419"): "la Línea Nacional"},
            kind="hotline",
            country="MX",
            reachable_from=("MX",),
            phones=(Phone(groups=("800", "5533", "000")),),
            validity=Validity(
                sources=(),
                verified_on=date(2026, 11, 22),
                expires=date(2027, 1, 31),
                status=FactStatus.DEMO,
            ),
            file="facts/line.yml",
            line=1,
        )
    },
)


def check(
    lines: str, language: str = "es-419", kind: SegmentKind = SegmentKind.AWARENESS
) -> list[Finding]:
    findings = Findings()
    script = parse_script(
        f"# T\n\n{lines}\n",
        file="x.md",
        segment="x",
        language=LanguageTag(language),
        book=BOOK,
        style=built_in_style(),
        findings=findings,
    )
    assert script is not None, list(findings)
    findings = Findings()
    segment = Segment(id="x", kind=kind, key_message="", file="segment.yml")
    check_script(script, segment, book=BOOK, style=built_in_style(), findings=findings)
    return list(findings)


def told(findings: list[Finding]) -> list[tuple[str, int, Severity]]:
    return [(f.rule, f.line, f.severity) for f in findings]


def sentence(words: int) -> str:
    return "Va" + " va" * (words - 1) + "."


@pytest.mark.parametrize(
    ("words", "expected"),
    [(15, []), (16, [WARNING]), (20, [WARNING]), (21, [ERROR])],
)
def test_a_long_sentence_is_a_warning_and_then_an_error(
    words: int, expected: list[Severity]
) -> None:
    findings = check(sentence(words))
    assert [f.severity for f in findings] == expected
    assert all(str(words) in f.problem and f.line == 3 for f in findings)


@pytest.mark.parametrize(
    ("lengths", "warned"), [([12, 12, 12], False), ([13, 12, 12], True), ([15, 15], False)]
)
def test_the_average_of_three_sentences_or_more_is_watched(
    lengths: list[int], *, warned: bool
) -> None:
    findings = check("\n".join(sentence(n) for n in lengths))
    assert told(findings) == ([("plain.mean-length", 0, WARNING)] if warned else [])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("¿Necesita ayuda?", 2),
        ("Llame al 800 5533 000.", 5),
        ("Kʼicheʼ Mayaʼ tzij.", 3),
        ("L’asile, c’est gratuit.", 3),
        ("دو—سه … نُشرت هذه المعلومة", 5),
        ("यह मुफ़्त है।", 3),
        ("—¿Quién? —preguntó.", 2),
        ("«…»", 0),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    assert len(words_of(text)) == count


def test_languages_without_spaces_are_not_measured_by_words() -> None:
    line = "寻求庇护是免费的 " * 30
    assert told(check(line.strip() + "。", "zh")) == []


def test_two_numbers_in_a_sentence_are_too_many() -> None:
    assert told(check("Llame al {{phone:line}} hasta {{date:2026-12-01}}.")) == [
        ("plain.numbers", 3, WARNING)
    ]


def test_a_service_prompt_says_its_number_twice() -> None:
    once = "Llame al {{phone:line}}."
    assert told(check(once, kind=SegmentKind.SERVICE_PROMPT)) == [("plain.say-twice", 3, INFO)]
    twice = once + "\nRepito: {{phone:line}}."
    assert told(check(twice, kind=SegmentKind.SERVICE_PROMPT)) == []
    assert told(check(once, kind=SegmentKind.AWARENESS)) == []


@pytest.mark.parametrize("kind", [SegmentKind.SERVICE_PROMPT, SegmentKind.PROCEDURE])
def test_a_procedure_or_prompt_names_somewhere_to_go(kind: SegmentKind) -> None:
    assert told(check("Pida ayuda.", kind=kind)) == [("plain.no-contact", 0, WARNING)]
    assert told(check("Vaya a {{org:line}}.", kind=kind)) == []


TERMS = [
    ("es-419", "Un migrante ilegal llegó.", "irregular-status", ERROR),
    ("es-419", "Los INMIGRANTES ilegáles llegan.", "irregular-status", ERROR),
    ("es-419", "Vienen los ilegales.", "irregular-status", ERROR),
    ("es-419", "La entrada ilegal es común.", "irregular-entry", WARNING),
    ("es-419", "La trata de blancas existe.", "trafficking-in-persons", ERROR),
    ("es-419", "El tráfico de personas existe.", "trafficking-in-persons", ERROR),
    ("es-419", "La trata de migrantes existe.", "migrant-smuggling", ERROR),
    ("es-419", "La pornografía infantil daña.", "child-exploitation", ERROR),
    ("es-419", "Su permiso está garantizado.", "promises", ERROR),
    ("es-419", "No dude, su permiso está garantizado.", "promises", ERROR),
    ("es-419", "Seguro que le dan papeles.", "promises", ERROR),
    ("es-419", "Un veneco me habló.", "slurs", ERROR),
    ("es-419", "Vino una ola de migrantes.", "metaphors", WARNING),
    ("es-419", "Los menores viajan.", "children", WARNING),
    ("es-419", "Quédese en su casa.", "stance", WARNING),
    ("es-419", "Aquí venden papeles rápidos.", "free-procedures", WARNING),
    ("en", "Illegal immigrants came.", "irregular-status", ERROR),
    ("en", "An illegal alien came.", "irregular-status", ERROR),
    ("en", "White slavery exists.", "trafficking-in-persons", ERROR),
    ("en", "Child pornography hurts.", "child-exploitation", ERROR),
    ("en", "Your visa is guaranteed.", "promises", ERROR),
    ("en", "A flood of migrants came.", "metaphors", WARNING),
    ("fr", "Des migrants illégaux arrivent.", "irregular-status", ERROR),
    ("fr", "Les clandestins arrivent.", "irregular-status", ERROR),
    ("fr", "Le trafic d’êtres humains existe.", "trafficking-in-persons", ERROR),
    ("fr", "La traite des blanches existe.", "trafficking-in-persons", ERROR),
    ("fr", "La pédopornographie blesse.", "child-exploitation", ERROR),
    ("fr", "Votre visa est garanti.", "promises", ERROR),
    ("pt-BR", "O imigrante ilegal chegou.", "irregular-status", ERROR),
    ("pt-BR", "O tráfico humano existe.", "trafficking-in-persons", ERROR),
    ("pt-BR", "O tráfico de migrantes existe.", "migrant-smuggling", ERROR),
    ("pt-BR", "A prostituição infantil existe.", "child-exploitation", ERROR),
    ("pt-BR", "O visto é garantido.", "promises", ERROR),
]


@pytest.mark.parametrize(("language", "line", "concept", "severity"), TERMS)
def test_a_harmful_term_is_found_with_what_to_say_instead(
    language: str, line: str, concept: str, severity: Severity
) -> None:
    findings = check(line, language)
    assert told(findings) == [(f"terms.{concept}", 3, severity)]
    assert findings[0].remedy.startswith("say: ")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es-419", "Hola, migrantes."),
        ("es-419", "Denuncie el cobro ilegal."),
        ("es-419", "El tráfico ilícito de migrantes es un delito."),
        ("es-419", "Niños menores de seis años viajan gratis."),
        ("es-419", "Los menores de seis años viajan gratis."),
        ("es-419", "La trata de personas es un delito."),
        ("es-419", "No se trata de migrantes solamente."),
        ("es-419", "Su documento está mojado."),
        ("es-419", "Nada está garantizado."),
        ("es-419", "Nadie le da un permiso garantizado."),
        ("es-419", "Ese derecho está garantizado por la ley."),
        ("es-419", "Las olas del mar son altas."),
        ("es-419", "Cobrar por pedir refugio es ilegal."),
        ("es-419", "Nadie puede comprar asilo."),
        ("en", "Smugglers make illegal payments."),
        ("en", "Keep your alien registration card."),
        ("en", "Nothing is guaranteed."),
        ("en", "It isn't guaranteed."),
        ("en", "Call the trafficking hotline."),
        ("fr", "Rien n’est garanti."),
        ("fr", "Le trafic illicite de migrants est un crime."),
        ("pt-BR", "O contrabando de migrantes é crime."),
        ("pt-BR", "O tráfico de pessoas é crime."),
        ("pt-BR", "Nada é garantido."),
        ("ar", "اطلبوا المساعدة."),
        ("ht", "Trafik moun se yon krim."),
    ],
)
def test_harmless_sentences_stay_in_peace(language: str, line: str) -> None:
    assert told(check(line, language)) == []


@pytest.mark.parametrize(
    "line",
    ["Me gritaron «migrante ilegal» en la calle.", 'Me gritaron "migrante ilegal" en la calle.'],
)
def test_a_quotation_is_information(line: str) -> None:
    assert told(check(line)) == [("terms.irregular-status", 3, INFO)]


def test_every_language_of_the_table_has_terms_and_every_row_can_be_read() -> None:
    for language in ("es", "en", "fr", "pt"):
        found = terms(language)
        assert found is not None
        assert found.denials
    assert terms("ht") is None


@pytest.mark.parametrize("language", ["es", "en", "fr", "pt"])
def test_every_phrase_of_the_table_is_found_under_its_own_concept(language: str) -> None:
    table = terms(language)
    assert table is not None
    for rows in table.avoid.values():
        for words, term in rows:
            found = [hit.concept for hit, _, _ in find_terms(" ".join(words), table)]
            assert term.concept in found, words


def test_ten_thousand_sentences_are_matched_in_time() -> None:
    table = terms("es")
    assert table is not None
    start = time.process_time()
    for _ in range(10_000):
        list(find_terms("Los niños y las niñas pueden pedir refugio si es peligroso.", table))
    assert time.process_time() - start < 2


@pytest.mark.parametrize("pattern", ["a (b", "a b)", "a | b", "((a|b)|c)", "(a|b)" * 12])
def test_a_broken_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"brackets|forms"):
        list(expand(pattern))


@pytest.mark.parametrize(
    ("lines", "language", "expected"),
    [
        ("Usted puede pedir ayuda.\nLleva tus papeles.", "es-419", 4),
        ("Tienes derechos.", "es-419", 3),
        ("Usted puede pedir ayuda.\nLleve sus papeles.", "es-419", 0),
        ("Estas son sus opciones.", "es-419", 0),
        ("Le dijeron: «tú no puedes».\nUsted puede.", "es-419", 0),
        ("Vous pouvez demander.\nPrends tes papiers.", "fr", 4),
        ("You can ask.", "en", 0),
    ],
)
def test_the_listener_is_always_addressed_formally(
    lines: str, language: str, expected: int
) -> None:
    assert told(check(lines, language)) == (
        [("plain.address", expected, WARNING)] if expected else []
    )


def test_people_in_a_drama_speak_as_they_do() -> None:
    assert told(check("¿Tienes miedo?", kind=SegmentKind.DRAMA)) == []


SYLLABLES = {
    "a": 1, "agua": 2, "ahí": 2, "aún": 2, "ayuda": 3, "búho": 2, "ciudad": 2, "continúa": 4,
    "creer": 2, "cuidado": 3, "derecho": 3, "días": 2, "documento": 4, "guerra": 2, "guía": 2,
    "hay": 1, "huir": 1, "idea": 3, "línea": 3, "migración": 3, "muy": 1, "niñas": 2, "oír": 2,
    "país": 2, "países": 3, "pingüino": 3, "policía": 4, "qué": 1, "queríais": 3, "quien": 1,
    "refugio": 3, "rey": 1, "río": 2, "seguro": 3, "teléfono": 4, "trata": 2, "tráfico": 3,
    "Uruguay": 3, "usted": 2, "vergüenza": 3, "viaje": 2, "y": 1, "yo": 1,
}  # fmt: skip


@pytest.mark.parametrize(("word", "count"), SYLLABLES.items())
def test_syllables_are_counted_as_by_hand(word: str, count: int) -> None:
    assert count_syllables(word) == count


def test_scores_are_those_of_the_formulas() -> None:
    # 120 words of two syllables in 12 sentences: Y/W = 2, W/S = 10.
    score = score_spanish([["casa"] * 10] * 12)
    assert score is not None
    assert score.fernandez_huerta == pytest.approx(206.84 - 60 * 2 - 1.02 * 10)
    assert score.inflesz == pytest.approx(206.835 - 62.3 * 2 - 10)
    assert not score.is_demanding


def test_under_a_hundred_words_no_score_is_given() -> None:
    assert score_spanish([["casa"] * 33] * 3) is None


def test_the_language_of_offices_is_called_hard() -> None:
    office = "Las autoridades administrativas competentes determinarán la admisibilidad."
    findings = check("\n".join([office] * 20))
    assert ("plain.readability", 0, WARNING) in told(findings)
    plain = check("\n".join(["Pida ayuda si alguien le cobra por su papel."] * 12))
    assert told(plain) == []
