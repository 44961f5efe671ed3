"""What is said of a character that may not go to a voice, or should not; see rules_letters."""

from programme.findings import Finding, Severity
from scripts.rules_letters import Fault, Found
from scripts.script_lines import ScriptDesk, ScriptLine

_ADVICE = {
    Fault.CONTROL: "delete the control character; a copy through a plain text editor loses it",
    Fault.BIDI: "delete the direction mark; Altavoz sets the direction of numbers itself",
    Fault.INVISIBLE: "delete the invisible character, or put an ordinary space",
    Fault.DIGIT: "write {{phone:ID}}, {{date:2026-12-01}} or {{fact:ID}}, or the number in words",
    Fault.MARKUP: "write plain words: a script has no markup, and a voice would read it",
    Fault.ASIDE: "make it a sentence of its own, or write or; an ear hears no brackets",
    Fault.SYMBOL: "write the word that should be said",
    Fault.LETTER: "type the word again with this language's letters; look-alikes are misread",
    Fault.MARKS: "type the word again with at most four marks on a letter",
}
_PROBLEM = {
    Fault.CONTROL: "a character that cannot be said: {}",
    Fault.BIDI: "a hidden direction mark: {}",
    Fault.INVISIBLE: "an invisible character: {}",
    Fault.DIGIT: "figures typed into the script: {}",
    Fault.MARKUP: "markup: {}",
    Fault.ASIDE: "brackets or a slash: {}",
    Fault.SYMBOL: "a sign that voices skip or misread: {}",
    Fault.LETTER: "letters of another script than this language's: {}",
    Fault.MARKS: "too many marks on one letter: {}",
}


def character_finding(found: Found, line: ScriptLine, desk: ScriptDesk) -> Finding:
    """Tell of characters of one kind in a line."""
    remedy = _ADVICE[found.fault]
    if found.fault is Fault.DIGIT:
        from scripts.raw_figures import instead_of  # with the words of every number

        remedy = instead_of(found.shown, line.raw, desk.language, desk.book) or remedy
    return Finding(
        file=desk.file,
        line=line.number,
        rule=found.fault.value,
        severity=Severity.WARNING if found.fault is Fault.ASIDE else Severity.ERROR,
        problem=_PROBLEM[found.fault].format(found.shown),
        remedy=remedy,
    )
