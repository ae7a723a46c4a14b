"""Formulas as MathML, which browsers typeset by themselves; latex2mathml makes it, where it is installed.

Law: of what the library gives, only known elements and attributes are taken over, and its texts are escaped here. Its
own `convert` would not do: it undoes the escaping, so that a label could be markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from demos.gallery.markup import Markup, element, escaped, joined

NO_LIBRARY = "to see it typeset: pip install latex2mathml"

ELEMENTS = frozenset(
    (
        *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "mpadded"),
        *("msup", "msub", "msubsup", "mover", "munder", "munderover", "mphantom", "mtable", "mtr", "mtd"),
    )
)

ATTRIBUTES = frozenset(
    (
        *("display", "displaystyle", "scriptlevel", "mathvariant", "linethickness", "width", "height", "depth"),
        *("stretchy", "symmetric", "fence", "form", "separator", "largeop", "movablelimits", "accent", "accentunder"),
        *("lspace", "rspace", "minsize", "maxsize"),
    )
)

SPELLED = {r"{aligned}": r"{split}"}
"""What the library knows by another name."""

_REFERENCE = re.compile("&#x([0-9A-Fa-f]+);")


def has_library() -> bool:
    """Whether formulas can be typeset."""
    try:
        import latex2mathml.converter  # noqa: F401
    except ImportError:
        return False
    return True


def mathml(latex: str, text: str) -> Markup | None:
    """The formula as a `math` element that knows its text; None without the library, or where it can't convert it."""
    try:
        from latex2mathml.converter import convert_to_element
    except ImportError:
        return None
    for name, known in SPELLED.items():
        latex = latex.replace(name, known)
    try:
        tree = convert_to_element(latex, display="block")
    except Exception:  # it has errors of its own, and IndexError, ValueError … besides
        return None
    return _taken(tree, text) if all(map(_is_known, tree.iter())) else None


def _is_known(node: Element) -> bool:
    """Whether it is of MathML, and no command that the library has passed over."""
    return node.tag in ELEMENTS and not re.match(r"\\[A-Za-z]|[{}&]$", node.text or "")


def _taken(node: Element, alttext: str | None = None) -> Markup:
    attributes = {name: value for name, value in node.attrib.items() if name in ATTRIBUTES}
    side = node.attrib.get("columnalign")  # browsers leave this to style sheets
    return element(node.tag, joined(_inside(node)), alttext=alttext, class_=side, **attributes)


def _inside(node: Element) -> Iterator[str]:
    yield _plain(node.text)
    for child in node:
        yield _taken(child)
        yield _plain(child.tail)


def _plain(text: str | None) -> Markup:
    """A text of the library's, which has signs as character references."""
    return escaped(_REFERENCE.sub(lambda found: chr(int(found[1], 16)), text or ""))
