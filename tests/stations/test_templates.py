"""Templates that were compiled before are filled in as those that are compiled now."""

from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest

from stations import plain_text, templates
from stations.templates import fill


@pytest.fixture(autouse=True)
def anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin and end without templates in memory, where what is compiled may be kept."""
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path / "kept"))
    templates._environment.cache_clear()
    templates._compiled_by.cache_clear()
    yield
    templates._environment.cache_clear()
    templates._compiled_by.cache_clear()


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the names of the templates that are really compiled."""
    names: list[str] = []
    real = jinja2.Environment.compile

    def noting(self: jinja2.Environment, source: str, name: str, filename: None) -> object:
        names.append(name)
        return real(self, source, name, filename)

    monkeypatch.setattr(jinja2.Environment, "compile", noting)
    return names


def again() -> None:
    templates._environment.cache_clear()
    templates._compiled_by.cache_clear()


def test_a_template_is_compiled_once_and_gives_the_same_page_again(
    monkeypatch: pytest.MonkeyPatch, compiled: list[str]
) -> None:
    monkeypatch.setattr(templates, "page_part", lambda _: "<p>{{ name|line }} once</p>")
    first = fill("tried.html", {"name": "a\n<b>"})
    again()
    assert fill("tried.html", {"name": "a\n<b>"}) == first == "<p>a &lt;b&gt; once</p>"
    assert compiled == ["tried.html"]


def test_a_changed_template_is_compiled_anew(
    monkeypatch: pytest.MonkeyPatch, compiled: list[str]
) -> None:
    for text in ("one", "two", "one"):
        again()
        monkeypatch.setattr(templates, "page_part", lambda _, said=text: f"<p>{said}</p>")
        assert fill("tried.html", {}) == f"<p>{text}</p>"
    assert len(compiled) == 3


def test_another_jinja2_or_other_filters_compile_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled: list[str]
) -> None:
    monkeypatch.setattr(templates, "page_part", lambda _: "<p>{{ 'a  b'|line }}</p>")
    fill("tried.html", {})
    known = len(compiled)
    again()
    monkeypatch.setattr(jinja2, "__version__", "another")
    fill("tried.html", {})
    assert len(compiled) == known + 1
    again()
    other = tmp_path / "plain_text.py"
    other.write_text("changed = True\n", encoding="utf-8")
    monkeypatch.setattr(plain_text, "__file__", str(other))
    fill("tried.html", {})
    assert len(compiled) == known + 2
