"""Pictures of graphs, drawn by whatever is there, and written as files.

Reading order: `fonts` (letters on a machine without fonts), `engines` (DOT source laid out and drawn), `files`
(`save`), `pictures` (`Picture`: a graph of the package graphviz that shows itself).
"""

from autograd.rendering.engines import NoLayoutEngine, has_layout_engine, rendered
from autograd.rendering.files import save
from autograd.rendering.pictures import Picture

__all__ = ["NoLayoutEngine", "Picture", "has_layout_engine", "rendered", "save"]
