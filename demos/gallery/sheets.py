"""What all pages share: the head, the policy, the look.

Law: the content-security policy allows the one style, which it knows by its hash, and pictures and explorers from the
folder of the page; no script, and no request to anywhere else.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

from autograd.page.document import hashed
from autograd.page.palette import variables
from demos.gallery.markup import Markup, element, joined

POLICY = (
    "default-src 'none'; style-src {}; img-src 'self' file:; frame-src 'self' file:; base-uri 'none';"
    " form-action 'none'"
)
"""A page that is opened from a disk has no origin that `'self'` could mean everywhere; `file:` says it there."""

GALLERY = "cadena, the gallery"


def sheet(title: str, *body: str) -> str:
    """The text of a whole page."""
    head = [
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY.format(hashed(style()))),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", Markup(style())),
    ]
    page = element("html", element("head", joined(head, "\n")), "\n", element("body", *body), lang="en")
    return f"<!doctype html>\n{page}\n"


@cache
def style() -> str:
    """The look of all pages: that of the explorer, with its colours, for light and for dark."""
    sources = Template(Path(__file__).with_name("gallery.css").read_text(encoding="utf-8"))
    return sources.substitute(light=variables(dark=False), dark=variables(dark=True))
