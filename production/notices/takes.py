"""Checks of what people recorded for spoken notices and loops against the words of today."""

from production.notices.view import with_notices
from programme.findings import Findings
from programme.notices import is_announced
from scripts.cross_recordings import check_take
from scripts.review_digests import FactDigests
from scripts.workspace import Workspace


def check_notice_takes(workspace: Workspace, findings: Findings) -> None:
    """Report takes of such words that may not air, as the workspace's own check does of segments.

    Notices that the network words itself are segments, and reported as such.
    """
    taken = {
        (segment, tag): take
        for (segment, tag), take in workspace.recordings.items()
        if is_announced(segment) and segment not in workspace.segments
    }
    if not taken:
        return
    view = with_notices(workspace)
    digests = FactDigests(workspace.factbook)
    source = workspace.network.source_language
    for (segment, tag), take in taken.items():
        if segment not in view.segments:
            # Of a station that has no loop any more: nothing plays it.
            continue
        # Where nobody writes the language, they say the words of the source language.
        tags = (tag, source)
        scripts = [view.translations[segment, one].script for one in tags]
        script = next(filter(None, scripts), None)
        if script is not None:
            check_take(take, script, workspace, digests, findings, source="this notice")
