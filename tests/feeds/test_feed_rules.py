"""The rules of feeds as data: whole, explained in four languages, and each of them used."""

import re
from pathlib import Path

import feeds.feed_rules
from feeds.check_elements import withdrawn_titles
from feeds.check_languages import is_listed
from feeds.check_podcast import podcast_tags
from feeds.feed_rules import feed_rules, rule_tables
from production.phrases import phrase
from programme.units import LanguageTag
from scripts.rule_catalogue import READERS, read_rules

HERE = Path(feeds.feed_rules.__file__).parent
TESTS = Path(__file__).parent
MODULES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.py")))


def test_every_rule_explains_itself_in_four_languages_and_says_who_says_so() -> None:
    known = [rule for table in rule_tables() for rule in read_rules(table)]
    assert {rule.id for rule in known} == set(feed_rules())
    for rule in known:
        for texts in (rule.title, rule.reason, rule.advice):
            assert set(texts) == set(READERS), rule.id
            assert all(text.strip() for text in texts.values()), rule.id
        assert re.match(r"https?://", rule.source), rule.id


def test_rules_that_modules_report_are_those_of_the_data() -> None:
    reported = set(re.findall(r'"(feed-[a-z]+\.[a-z-]+)"', MODULES))
    assert reported == set(feed_rules())


def test_every_rule_is_shown_a_fault_by_these_tests() -> None:
    files = [*TESTS.glob("test_check_*.py"), *TESTS.glob("test_f*.py"), TESTS / "test_validate.py"]
    texts = [path.read_text(encoding="utf-8") for path in files]
    texts.append((TESTS / "faulty" / "faults.toml").read_text(encoding="utf-8"))
    texts.append((TESTS.parent / "cli" / "test_check_feed.py").read_text(encoding="utf-8"))
    told = set(re.findall(r"feed-[a-z]+\.[a-z-]+", "\n".join(texts)))
    assert sorted(set(feed_rules()) - told) == []


def test_the_podcast_namespace_is_known_whole() -> None:
    assert len(podcast_tags()) == 32  # 31, and podcast:images, which was taken back


def test_languages_are_those_that_the_validator_was_seen_to_take() -> None:
    taken = "fr ar am ti tig om so ha ff wo bm dyu snk sus srr din ps uz ku my kar rom ht ln rw sw"
    refused = "quc mam kek cak cab miq ckb prs kmr zgh tzm nus apd rhg pcm kri mnk mdg zza ksw yue"
    assert all(map(is_listed, [*taken.split(), "es-419", "fa-AF", "ku-Arab"]))
    assert not any(map(is_listed, refused.split()))


def test_titles_of_withdrawn_items_are_known_as_altavoz_writes_them() -> None:
    for tag in ("es", "en", "fr", "pt", "ar", "ht"):
        word = phrase("withdrawn", LanguageTag(tag), LanguageTag("en"))
        assert f"{word} – " in withdrawn_titles()
