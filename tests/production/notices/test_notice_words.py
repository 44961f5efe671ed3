"""The words of notices pass our own rules, say their date in words, and bear any title."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from production.notices.view import with_notices
from production.notices.words import About, notice_script
from programme.findings import Findings
from programme.notices import NoticeKind, notice_of
from programme.segments import Segment
from programme.units import LanguageTag
from programme.words import TranslationState
from scripts.rules import check_script
from scripts.workspace import Workspace
from tests.production.notices.notice_cases import DAY, TITLES, six
from tests.production.running import read

SAID = {
    "es-419": "Es del primero de octubre de dos mil veintiséis.",
    "en": "Its date is October first, two thousand twenty-six.",
    "fr": "Il est daté du premier octobre deux mille vingt-six.",
    "pt-BR": "A data é primeiro de outubro de dois mil e vinte e seis.",
    "ar": "تاريخها الأول من أكتوبر عام ألفين وستة وعشرين.",
    "ht": "Dat li se premye oktòb de mil vennsis.",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return read(six(tmp_path_factory.mktemp("six") / "workspace"))


def about(tag: str) -> About:
    series, title = TITLES[tag]
    return About(series=series, title=title, dated=DAY)


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("tag", TITLES)
def test_our_own_rules_find_nothing(workspace: Workspace, tag: str, kind: NoticeKind) -> None:
    view = with_notices(workspace)
    segment: Segment = view.segments[kind.segment]
    for told, aloud in ((None, False), (about(tag), False), (about(tag), True)):
        script = notice_script(workspace, kind, LanguageTag(tag), told, aloud=aloud)
        assert script is not None
        findings = Findings()
        check_script(
            script,
            segment,
            book=workspace.factbook,
            style=workspace.style,
            findings=findings,
            is_source=tag == "es-419",
        )
        assert [(one.rule, one.problem) for one in findings] == []


@pytest.mark.parametrize("tag", TITLES)
def test_a_notice_names_the_message_and_says_its_date_in_words(
    workspace: Workspace, tag: str
) -> None:
    script = notice_script(workspace, NoticeKind.WITHDRAWN, LanguageTag(tag), about(tag))
    assert script is not None
    first, series, title, dated, *rest = (sentence.spoken for sentence in script.sentences)
    assert TITLES[tag][0] in series
    assert TITLES[tag][1] in title
    assert not title.endswith("?.")
    assert dated == SAID[tag]
    # What a person records is the same, without the lines about one message.
    alone = notice_script(workspace, NoticeKind.WITHDRAWN, LanguageTag(tag))
    assert alone is not None
    assert [sentence.spoken for sentence in alone.sentences] == [first, *rest]
    assert len(rest) == 3


@pytest.mark.parametrize("tag", TITLES)
def test_a_loudspeaker_says_in_short_which_message_and_that_the_right_one_follows(
    workspace: Workspace, tag: str
) -> None:
    language = LanguageTag(tag)
    script = notice_script(workspace, NoticeKind.CORRECTED, language, about(tag), aloud=True)
    assert script is not None
    first, follows = (sentence.spoken for sentence in script.sentences)
    assert TITLES[tag][1] in first
    whole = notice_script(workspace, NoticeKind.CORRECTED, language, about(tag))
    assert whole is not None
    words = sum(len(sentence.spoken.split()) for sentence in script.sentences)
    assert words <= 12 + len(TITLES[tag][1].split())
    assert not any(sign.isdigit() for sign in first + follows)
    unsayable = About(series="", title="12345678901234", dated=DAY)
    plain = notice_script(workspace, NoticeKind.CORRECTED, language, unsayable, aloud=True)
    assert plain is not None
    assert [one.spoken for one in plain.sentences] == [whole.sentences[0].spoken, follows]


def test_figures_in_a_title_are_said_as_words(workspace: Workspace) -> None:
    told = About(series="Radio 24", title="Las 3 cosas que debe saber", dated=DAY)
    script = notice_script(workspace, NoticeKind.EXPIRED, LanguageTag("es-419"), told)
    assert script is not None
    said = [sentence.spoken for sentence in script.sentences]
    assert "Es un mensaje de Radio veinticuatro." in said
    assert "Se llama: Las tres cosas que debe saber." in said
    # A reader sees them as the producer wrote them.
    assert "Es un mensaje de Radio 24." in [sentence.text for sentence in script.sentences]


@pytest.mark.parametrize(
    "title", ["", "   ", "24h", "12345678901234", "{{phone:x}}", "{{", "<!-- ", "—", "a" * 500]
)
def test_a_title_that_cannot_be_said_is_left_out_and_the_rest_stands(
    workspace: Workspace, title: str
) -> None:
    told = About(series="Radio", title=title, dated=DAY)
    script = notice_script(workspace, NoticeKind.WITHDRAWN, LanguageTag("en"), told)
    assert script is not None
    said = [sentence.spoken for sentence in script.sentences]
    assert said[0] == "We have withdrawn this message."
    assert said[1] == "It is a message from Radio."
    assert "Its date is October first, two thousand twenty-six." in said
    assert said[-1] == "Look for a new message."
    assert not any(character.isdigit() for line in said for character in line)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(max_size=60)
    | st.text(alphabet="{}[]<>#:!?.\n\u202e \u0661२٣0aA<!-", max_size=30),
    dated=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
)
def test_whatever_a_title_holds_the_warning_is_whole(
    workspace: Workspace, title: str, dated: date
) -> None:
    for tag in (LanguageTag("es-419"), LanguageTag("ar")):
        plain = notice_script(workspace, NoticeKind.RETRACTED, tag)
        script = notice_script(
            workspace, NoticeKind.RETRACTED, tag, About(series=title, title=title, dated=dated)
        )
        assert script is not None
        assert plain is not None
        said = [sentence.spoken for sentence in script.sentences]
        fixed = [sentence.spoken for sentence in plain.sentences]
        assert said[0] == fixed[0]
        assert said[-3:] == fixed[-3:]
        assert len(said) <= len(fixed) + 3
        assert not any(one.isdigit() for line in said for one in line)
        assert {sentence.speaker for sentence in script.sentences} == {""}


def test_a_language_without_words_has_none(workspace: Workspace) -> None:
    assert notice_script(workspace, NoticeKind.WITHDRAWN, LanguageTag("quc")) is None


def test_the_view_holds_each_notice_in_each_language_and_everything_else(
    workspace: Workspace,
) -> None:
    view = with_notices(workspace)
    assert set(view.segments) - set(workspace.segments) == {kind.segment for kind in NoticeKind}
    assert len(list(view.translations)) == len(view.translations)
    notice = view.translations["notice-expired", LanguageTag("es-419")]
    assert notice.state is TranslationState.SOURCE
    assert view.translations["notice-expired", LanguageTag("ar")].state is TranslationState.FRESH
    own = ("agua", LanguageTag("es-419"))
    assert view.translations[own] == workspace.translations[own]
    assert with_notices(view) == view


def test_names_of_notices_are_read_back() -> None:
    assert [notice_of(kind.segment) for kind in NoticeKind] == list(NoticeKind)
    assert notice_of("notice-") is None
    assert notice_of("agua") is None
