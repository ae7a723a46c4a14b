"""The door to matplotlib: the one file that imports it, when a figure is asked for.

Laws of this file:
- pyplot is never imported and no setting is changed: a figure belongs to whoever asked for it, and no window opens.
- Colours and sizes are said, not left to the settings: a figure looks the same wherever it is drawn.
- A text is what it says: `$` begins no formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

from numpy.typing import ArrayLike

from autograd.drawing.looks import FAINT, INK, PALE, PAPER
from autograd.notation.screens import shortened
from nn.figures.palette import LARGE, PLAIN, SMALL

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

Axes: TypeAlias = "matplotlib.axes.Axes"
Figure: TypeAlias = "matplotlib.figure.Figure"

NEEDED = "figures are drawn with matplotlib, which is an extra: pip install 'cadena-autograd[demos]'"

AXIS, SIGN, LETTER = 0.6, 0.55, 0.6 * PLAIN / 72
"""About the widths of an axis with its numbers, of a sign with the room around it, and of a letter, in inches."""

LONGEST = 40
"""Of a longer name in a legend the middle is left out."""

DOTS = 120
"""Per inch, where a figure becomes pixels."""

AS_IT_IS: dict[str, Any] = {"parse_math": False, "usetex": False}
"""How every text is written."""


def blank(width: float, height: float) -> Figure:
    """An empty figure of that size, in inches, which a notebook shows and `savefig` writes.

    Raises ImportError, which says what to install, where matplotlib is missing.
    """
    matplotlib = _matplotlib()
    figure: Figure = _shown(matplotlib.figure.Figure)((width, height), DOTS, facecolor=PAPER, layout="constrained")
    matplotlib.backends.backend_agg.FigureCanvasAgg(figure)
    return figure


def dressed(axes: Axes, x: str = "", y: str = "", title: str = "") -> Axes:
    """Axes with the names of what they measure, a title, and lines at the left and below alone."""
    axes.set_facecolor(PAPER)
    axes.grid(False)
    axes.set_xlabel(x, fontsize=PLAIN, color=INK, **AS_IT_IS)
    axes.set_ylabel(y, fontsize=PLAIN, color=INK, **AS_IT_IS)
    axes.set_title(title, fontsize=LARGE, color=INK, fontweight="bold", **AS_IT_IS)
    axes.tick_params(colors=FAINT, labelcolor=INK, labelsize=SMALL, direction="out")
    for side, line in axes.spines.items():
        line.set(color=PALE, visible=side in ("left", "bottom"))
    return axes


def add_legend(axes: Any, names: Sequence[str]) -> None:
    """Writes what the signs mean, above the axes: a name for each of what was scattered."""
    names = [shortened(name, LONGEST) for name in names]
    legend = axes.legend(
        axes.collections[-len(names) :],
        ["-"] * len(names),  # matplotlib passes over a name that begins with _
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        borderaxespad=0.2,
        ncols=_columns(names, axes.figure.get_figwidth() - AXIS),
        frameon=False,
        fontsize=PLAIN,
        labelcolor=INK,
        handletextpad=0.2,
        scatterpoints=1,
    )
    for sign, text, name in zip(legend.legend_handles, legend.get_texts(), names):
        sign.set(sizes=[40.0])
        text.set(text=name, **AS_IT_IS)


def _columns(names: Sequence[str], room: float) -> int:
    """How many names of a legend stand side by side: no row is much shorter than another."""
    across = max(1, int(room / (SIGN + LETTER * max(map(len, names)))))
    return -(-len(names) // -(-len(names) // across))


def bare(axes: Axes) -> Axes:
    """Axes without lines and numbers: for images."""
    axes.set_facecolor(PAPER)
    axes.set_axis_off()
    return axes


def colour_bar(figure: Figure, mapped: Any, axes: Axes, name: str, **options: Any) -> Any:
    """The scale of the colours, at the right of the axes."""
    bar = figure.colorbar(mapped, ax=axes, **options)
    bar.set_label(name, fontsize=PLAIN, color=INK, **AS_IT_IS)
    bar.ax.tick_params(colors=FAINT, labelcolor=INK, labelsize=SMALL)
    bar.outline.set_edgecolor(PALE)
    bar.ax.set_facecolor(PAPER)
    return bar


def colours(stops: Sequence[str]) -> Any:
    """The colours between the given ones, as a colour map; nothing is drawn where there is no number."""
    return _matplotlib().colors.LinearSegmentedColormap.from_list("house", list(stops))


def centred(low: float, middle: float, high: float) -> Any:
    """The scale that gives `middle` the colour in the middle, whether or not it is halfway."""
    return _matplotlib().colors.TwoSlopeNorm(middle, low, high)


def banded(levels: ArrayLike, extend: str) -> Any:
    """The scale that gives everything between two levels one colour."""
    return _matplotlib().colors.BoundaryNorm(levels, 256, extend=extend)


def rooted(low: float, high: float) -> Any:
    """The scale that grows with the root of the height: quickly near the lowest point."""
    return _matplotlib().colors.PowerNorm(0.5, low, high)


def beside(axes: Any, right: float, up: float) -> Any:
    """Where places of the axes are drawn that are so many points further to the right and up."""
    inches = _matplotlib().transforms.ScaledTranslation(right / 72, up / 72, axes.figure.dpi_scale_trans)
    return axes.transData + inches


def whole_numbers() -> Any:
    """What sets marks at whole numbers alone."""
    return _matplotlib().ticker.MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10])


def _matplotlib() -> Any:
    try:
        import matplotlib.backends.backend_agg
        import matplotlib.colors
        import matplotlib.figure
        import matplotlib.ticker
        import matplotlib.transforms
    except ImportError as error:
        raise ImportError(f"{NEEDED} ({error})", name="matplotlib") from error
    return matplotlib


@cache
def _shown(base: Any) -> Any:
    """matplotlib's Figure, with what a notebook asks for, which only pyplot would have given it."""

    class Shown(base):  # type: ignore[misc]
        def _repr_png_(self) -> bytes:
            file = BytesIO()
            self.savefig(file, format="png", dpi=self.dpi)
            return file.getvalue()

        def __reduce__(self) -> Any:
            return _empty, (), self.__getstate__()

    return Shown


def _empty() -> Any:
    """What a pickled figure is read into."""
    return blank(1, 1)
