"""A workspace's own terms, terms/*.yml, over the built-in concepts."""

from programme.digests import canonical_json, digest_file, digest_text
from programme.findings import Findings
from programme.units import Digest
from scripts.concept_reader import Example
from scripts.read_terms import built_in_terms, parse_terms
from scripts.term_concepts import TermData
from scripts.termbase import TermBase
from scripts.tree import Tree, yaml_files
from scripts.wording import shown
from scripts.yaml_reading import read_table

FOLDER = "terms"


def read_own_terms(tree: Tree, *, findings: Findings) -> TermBase:
    """Read terms/*.yml in the order of their names; what is faulty is a finding and left out."""
    files = yaml_files(tree, FOLDER)
    if not files:
        return TermBase()  # the built-in concepts are not even read: most commands need none
    base = merged = built_in_terms()
    digests: dict[str, Digest] = {}
    examples: list[tuple[str, Example]] = []
    for entry in files:
        table = read_table(entry.path, file=entry.file, findings=findings)
        if table is None:
            continue
        merged, given = parse_terms(
            table, file=entry.file, base=merged, findings=findings, own=True
        )
        examples += [(entry.file, example) for example in given]
        digests[entry.name] = digest_file(entry.path)
    terms = _own(base, merged, digest_text(canonical_json(dict(digests))))
    check_examples(examples, terms, findings)
    return terms


def _own(base: TermData, merged: TermData, digest: Digest) -> TermBase:
    return TermBase(
        own={
            id_: found for id_, found in merged.concepts.items() if found != base.concepts.get(id_)
        },
        own_denials={
            tag: words for tag, words in merged.denials.items() if words != base.denials.get(tag)
        },
        digest=digest,
    )


def check_examples(
    examples: list[tuple[str, Example]], terms: TermBase, findings: Findings
) -> None:
    """Report sentences that show the opposite of what their row says."""
    for file, example in examples:
        table = terms.of(example.language)
        hits = table.find(example.text.value).hits if table else ()
        if any(hit.concept == example.concept for hit in hits) is example.is_bad:
            continue
        what = "is not found" if example.is_bad else "is found, and should not be"
        findings.add(
            file=file,
            line=example.text.line,
            rule="terms.example",
            problem=f"the example «{shown(example.text.value)}» {what} "
            f"(terms.{example.concept}, row {example.row})",
            remedy="correct the patterns, or the sentence",
        )
