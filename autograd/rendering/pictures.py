"""`Picture`: a graph of the package graphviz that does without the program `dot` where another engine is there.

Law: a display never raises; a request is fulfilled as graphviz documents it, or refused with what to install.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import graphviz

from autograd.rendering.engines import FORMS, NoLayoutEngine, program, rendered
from autograd.rendering.files import save


class Picture(graphviz.Digraph):  # type: ignore[misc]  # graphviz publishes no types
    """A `graphviz.Digraph` that IPython and Jupyter show as SVG, or as a sentence where it can't be laid out.

    Where the program `dot` is missing, `pipe`, `render` and `view` draw SVG, PNG and PDF as `rendered` does, and raise
    NoLayoutEngine for all else.
    """

    sketch: Any = None
    """What it was drawn from, for `to_mermaid`; None for one made by hand."""

    def copy(self) -> Picture:
        picture: Picture = super().copy()
        picture.sketch = self.sketch
        return picture

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> Mapping[str, str]:
        try:
            return {"image/svg+xml": rendered(self.source, "svg").decode()}
        except Exception as error:  # a display that raises hides the notebook behind a traceback
            return {"text/plain": f"{type(error).__name__}: {error}"}

    def pipe(self, format: str | None = None, *, encoding: str | None = None, **options: Any) -> bytes | str:
        if program():
            drawn: bytes | str = super().pipe(format, encoding=encoding, **options)
            return drawn
        picture = rendered(self.source, _plain_form(self, format, options))
        return picture.decode(encoding) if encoding else picture

    def render(
        self,
        filename: str | os.PathLike[str] | None = None,
        directory: str | os.PathLike[str] | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,
        **options: Any,
    ) -> str:
        if program():
            asked = {"directory": directory, "view": view, "cleanup": cleanup, "format": format}
            path: str = super().render(filename, **asked, **options)
            return path
        form = _plain_form(self, format, options)
        source = Path(self.save(filename, directory=directory))
        path = f"{source}.{form}"
        save(self, path)
        if cleanup:
            source.unlink()
        if view or options.get("quiet_view"):
            graphviz.view(path, quiet=bool(options.get("quiet_view")))
        return path


def _plain_form(picture: Picture, form: str | None, options: Mapping[str, Any]) -> str:
    """The form that is asked for. Raises NoLayoutEngine where it, or any option with it, is a matter of `dot` alone."""
    form = (form or picture.format).lower()
    own = {"engine": picture.engine, "renderer": picture.renderer, "formatter": picture.formatter}
    asked = own | {name: value for name, value in options.items() if value}
    special = {name: value for name, value in asked.items() if value and name not in ("quiet", "quiet_view")}
    if form not in FORMS or special != {"engine": "dot"}:
        raise NoLayoutEngine(
            f"format {form!r} with {special} needs the program `dot`: install Graphviz, so that it is on the PATH;"
            " without it, autograd.rendering.save(picture, path) writes .svg, .png and .pdf with pygraphviz"
        )
    return form
