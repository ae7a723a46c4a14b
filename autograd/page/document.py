"""The explorer as one file: the page with its style, its scripts and the graph, and nothing from anywhere else.

Laws of this file:
- The content-security policy lets the one style and the one script run, which it knows by their hashes, and nothing
  else: no other script, no request.
- What comes from the graph is data, in a block that no script is made of, or text that is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from functools import cache, lru_cache
from pathlib import Path
from string import Template

from autograd.notation.screens import LONGEST_NAME, shortened
from autograd.notation.typesetting import Mathematics
from autograd.page.contents import Graph, Settings, contents
from autograd.page.javascript import literal, table_source
from autograd.page.palette import variables

SCRIPTS = (
    "floats.js",
    "terms.js",
    "notation.js",
    "graph.js",
    "passes.js",
    "paths.js",
    "explanation.js",
    "layout.js",
    "shapes.js",
    "picture.js",
    "pointers.js",
    "panels.js",
    "explorer.js",
    "shown.js",
    "start.js",
)
"""In the order in which they are read: each knows those before it."""

_TEXT_OR_MARK = re.compile(r"""(?P<text>(["'`])(?:[^\\]|\\.)*?\2)| *(?P<mark>[=,;:?(){}\[\]<>&|*]) *""")

MOST_SCRIPTS = 8
"""So many scripts are kept: pages differ in theirs by the primitives alone."""

MOST_ROWS = 100
"""Without scripts, the page is a table of so many values at most."""


def document(graph: Graph, settings: Settings) -> str:
    """The text of the page. The same graph gives the same text."""
    style, script = _style(), _joined("".join([table_source(graph.rows), *map(_bare, SCRIPTS)]))
    return Template(_bare("explorer.html")).substitute(
        policy=_policy(style, script),
        title=html.escape(f"{graph.name} – explorer"),
        style=style,
        static=_static(graph),
        graph=literal(contents(graph, settings)),
        script=script,
    )


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; script-src {hashed(script)}; style-src {hashed(style)}; base-uri 'none';"
        " form-action 'none'"
    )


def hashed(text: str) -> str:
    """What a content-security policy calls a style or a script that may be used."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


@cache
def _bare(name: str) -> str:
    """A file without its comments and its indentation, which are there for who reads it here."""
    lines = (re.sub(r"(^|\s)//.*", "", line).strip() for line in _asset(name).splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("/*"))


@cache
def _style() -> str:
    return _tight(Template(_bare("explorer.css")).substitute(light=variables(dark=False), dark=variables(dark=True)))


@lru_cache(MOST_SCRIPTS)
def _joined(code: str) -> str:
    """A script in fewer lines, and without the spaces around its marks.

    No line ends after a mark that goes on, or before one. No text in it has a line end, none with names in it has
    another inside, and no pattern has a quotation mark, or a space beside a mark.
    """
    lines = re.sub(r"(?<=[{(\[,;])\n|,?\n(?=[})\]])|\n(?=[.?:])", "", code)
    return _TEXT_OR_MARK.sub(lambda found: found["text"] or found["mark"], lines)


def _tight(style: str) -> str:
    """A style without the spaces and line ends around its marks. In a selector, one before a colon means something."""
    return re.sub(r"\s*([{};,>])\s*|(?<=:)\s+", r"\1", style)


@cache
def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _static(graph: Graph) -> str:
    """The last values as a table, for whoever runs no script."""
    order, style = graph.passes.order, Mathematics()
    rows = [
        f'<tr><th scope="row">{html.escape(shortened(graph.names[node], LONGEST_NAME))}</th>'
        f"<td>{html.escape(node.op)}</td><td>{style.number(node.data)}</td></tr>"
        for node in order[-MOST_ROWS:]
    ]
    more = f"<p>The last {MOST_ROWS} of {len(order):,} values; a browser with scripts shows all.</p>"
    head = "<tr><th>name</th><th>operation</th><th>value</th></tr>"
    return f"{more * (len(order) > MOST_ROWS)}<table>{head}{''.join(rows)}</table>"
