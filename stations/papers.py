"""Everything in a pack that is read and not heard; the one place to add a paper of this craft.

A paper is made by a function of the request and the plan that gives bytes by path: at the root of
the pack what people and programs look for there (``index.html``, ``README.txt``, a radio's
playlists), all else in ``data/``. To add one, put its function into ``RENDERERS``. What production
must compute first, or what lies in the store, comes in ``PackRequest.papers`` instead.

Papers may say anything of the request but what is known only afterwards: the digest of
``pack.json``, the bag's manifests, and of papers that come later.
"""

from collections.abc import Callable, Mapping

from stations.pack_plan import PackPlan, PackRequest
from stations.pack_playlists import render_playlists
from stations.printed import render_scripts
from stations.runsheet import render_readme
from stations.sheets import render_card, render_run_sheet

Renderer = Callable[[PackRequest, PackPlan], Mapping[str, bytes]]


def _readme(request: PackRequest, plan: PackPlan) -> Mapping[str, bytes]:
    return {plan.readme: render_readme(request, plan)}


RENDERERS: tuple[Renderer, ...] = (
    render_playlists,
    _readme,
    render_run_sheet,
    render_scripts,
    render_card,
)
"""In the order in which the pack holds them."""


def render_papers(request: PackRequest, plan: PackPlan) -> dict[str, bytes]:
    """Render every paper, by path: those at the root first, then those in ``data/``.

    Raises:
        ValueError: two renderers gave the same path.
    """
    papers: dict[str, bytes] = {}
    for render in RENDERERS:
        for path, data in render(request, plan).items():
            if path in papers:
                raise ValueError(f"two papers of the pack are called {path}")
            papers[path] = data
    return dict(sorted(papers.items(), key=lambda paper: "/" in paper[0]))
