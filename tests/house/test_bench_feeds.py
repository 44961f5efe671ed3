"""The benchmark of feeds measures what it says: the workload is fixed, and every feed is made."""

from pathlib import Path

from bench.feeds_workload import NOW, TODAY, TOPICS, write_feeds_workload
from production.catalogue.catalogue import build_catalogue
from production.catalogue.documents import feed_documents
from production.ledger.ledger import LEDGER_FILE, Ledger
from scripts.workspace import read_workspace


def test_the_same_seed_gives_the_same_ledger_and_another_gives_another(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_feeds_workload(tmp_path / name, seed=seed, releases=5)
    ledgers = [(tmp_path / name / LEDGER_FILE).read_bytes() for name in "abc"]
    assert ledgers[0] == ledgers[1] != ledgers[2]


def test_each_release_stands_in_four_feeds_in_two_formats(tmp_path: Path) -> None:
    folder = write_feeds_workload(tmp_path / "w", seed=1, releases=120).folder
    workspace, _ = read_workspace(folder, today=TODAY)
    assert workspace is not None
    catalogue = build_catalogue(workspace, Ledger(folder), (), target="public", now=NOW)
    assert len(catalogue.channels) == 3 + len(TOPICS)
    written = b"".join(document.data for document in feed_documents(catalogue))
    for number in (1, 60, 120):
        guid = f"bench/avisos/aviso-{number}/es-419/1".encode()
        assert written.count(b">" + guid + b"<") == 1
        assert sum(written.count(b'"id":"' + guid + mark) for mark in (b'"', b"#")) == 4
