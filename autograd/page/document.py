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
from functools import cache
from pathlib import Path
from string import Template

from autograd.notation.names import one_line
from autograd.notation.screens import shortened
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
    "picture.js",
    "panels.js",
    "explorer.js",
)
"""In the order in which they are read: each knows those before it."""

MOST_ROWS = 500
"""Without scripts, the page is a table of so many values."""


def document(graph: Graph, settings: Settings) -> str:
    """The text of the page. The same graph gives the same text."""
    style = Template(_asset("explorer.css")).substitute(light=variables(dark=False), dark=variables(dark=True))
    script = "".join([table_source(graph.rows), *map(_script, SCRIPTS)])
    return Template(_asset("explorer.html")).substitute(
        policy=_policy(style, script),
        title=html.escape(f"{graph.name} – explorer"),
        style=style,
        static=_static(graph),
        graph=literal(contents(graph, settings)),
        script=script,
    )


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


@cache
def _script(name: str) -> str:
    """A script without its comments, which stand in its file."""
    lines = [line for line in _asset(name).splitlines(keepends=True) if not line.lstrip().startswith(("//", "/**"))]
    return "".join(line.replace("  ", "\t", (len(line) - len(line.lstrip())) // 2) for line in lines if line.strip())


@cache
def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _static(graph: Graph) -> str:
    """The values as a table, for whoever runs no script."""
    names, style = graph.names, Mathematics()
    rows = [
        f'<tr><th scope="row">{html.escape(shortened(one_line(names[node])))}</th>'
        f"<td>{html.escape(node.op)}</td><td>{style.number(node.data)}</td></tr>"
        for node in graph.passes.order[-MOST_ROWS:]
    ]
    return f"<table><tr><th>name</th><th>operation</th><th>value</th></tr>{''.join(rows)}</table>"
