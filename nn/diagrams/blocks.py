"""A network as blocks that fit together by their shapes, the "lego" of figure 35 of document 002.

A block is a matrix or a vector, drawn cell by cell. They follow each other from the input to the output: the inputs,
then for each layer its weights, its biases and what its activation gives. Where an example is a row, x · W, a matrix
lies below what it gives, column by column; where it is a column, W · x, it stands beside that, row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Literal, TypeAlias

from autograd import Value
from autograd.drawing.looks import EDGES, PAPER
from autograd.drawing.sketches import Cell, Edge, Node, Sketch
from nn.abridging import Index, dots
from nn.diagrams.anatomy import Stage, activation_symbol, left_out, shown
from nn.diagrams.readings import MOST_NUMBERS, largest, look_of, share
from nn.diagrams.requests import Request

Examples: TypeAlias = Literal["rows", "columns"]
"""Whether an example is a row, as in document 002, or a column, as in 003."""

Element: TypeAlias = "Value | float | None"
"""Of a matrix: a parameter, a number, or nothing that is known."""

Matrix: TypeAlias = Sequence[Sequence[Element]]

MARKS = {"positive": "", "negative": "−", "zero": "0"}
"""What stands in a cell in place of its number, so that its sign is read without colours too."""

DEEPEST = 0.65
"""How much of its colour the largest element has: the text on it is still easily read."""

LETTER, PADDING = 7.2, 9
"""The width in points of a letter in a cell, and of what is around its text."""

STUD = 9.0
"""The width in points of what holds two blocks together."""

CONVENTIONS = {"rows": "An example is a row, {} · W", "columns": "An example is a column, W · {}"}

JOINTS = {"rows": ",", "columns": ";"}
"""What stands in [x, 1], a row, and in [x; 1], a column, between the inputs and the 1 that does the work of a bias."""


def blocks(request: Request, examples: Examples) -> Sketch:
    """The blocks of a network, each of which touches the ones before and after it."""
    return _Blocks(request, examples).sketch()


class _Blocks:
    def __init__(self, request: Request, examples: Examples) -> None:
        self.network, self.reading, self.lit, numbers, self.loss, self.direction = request
        self.examples = examples
        stages = self.network.stages
        few = all(len(stage.neurons) * len(stage.neurons[0].w) <= MOST_NUMBERS for stage in stages)
        self.has_numbers = few if numbers is None else numbers
        self.has_all_numbers = numbers is True
        self.largest = {
            "weights": largest(map(self.reading.number, self.network.parameters)),
            "vector": largest(chain(self.network.x, *(stage.y for stage in stages))),
        }

    def sketch(self) -> Sketch:
        nodes = list(self._nodes())
        letters = max(len(cell.text) for node in nodes for row in node.cells for cell in row)
        # cells of one width: those of a matrix then stand below those of what it gives
        nodes = [node._replace(cell_width=max(node.cell_width, round(LETTER * letters) + PADDING)) for node in nodes]
        edges = [Edge(before.name, after.name, "stud", width=STUD) for before, after in pairwise(nodes)]
        return Sketch(nodes, edges, self.direction, caption=self._caption(), is_tight=True)

    def _nodes(self) -> Iterator[Node]:
        """The inputs, the blocks of each stage, and the loss, if there is one."""
        yield self._signal(-1, "x", self.network.x, len(self.network.inputs))
        for place in shown(len(self.network.stages)):
            if place is None:
                count = len(left_out(len(self.network.stages)))
                yield Node("layers", "rest", label=f"… {count:,} more layers", is_pale=self.lit.is_on)
            else:
                yield from self._of_stage(place, self.network.stages[place])
        if self.loss:
            yield Node("loss", "loss", label=self.loss, is_pale=self.lit.is_on)

    def _of_stage(self, place: int, stage: Stage) -> Iterator[Node]:
        """The weights, the biases, if there are any, and what the activation gives."""
        number = str(place + 1) if len(self.network.stages) > 1 else ""
        yield self._parameters(f"W{place}", place, stage.matrix, list(zip(*(neuron.w for neuron in stage.neurons))))
        biases = [neuron.b for neuron in stage.neurons]
        if any(bias is not None for bias in biases):
            yield self._parameters(f"b{place}", place, f"b{number}", [biases])
        name = {"output": "ŷ", "hidden": "h"}.get(stage.title, f"h{number}")
        signal = self._signal(place, name, stage.y, len(stage.neurons))
        yield signal._replace(symbol=activation_symbol(stage.neurons[0]))

    # ---- blocks

    def _parameters(self, name: str, stage: int, called: str, matrix: Matrix) -> Node:
        label = f"grad {called}" if self.reading.gradients else called
        node = self._block(name, "weights", label, matrix)
        return self._seen(node, self.lit.has_stage(stage), self.lit.has_stage(stage))

    def _signal(self, stage: int, name: str, numbers: Sequence[float], size: int) -> Node:
        """The numbers that go from one stage to the next, which are known for an example."""
        has_ones = self.network.reads_ones(stage)
        elements: list[Element] = [*numbers] if numbers else [None] * size
        elements += [None] * has_ones
        label = f"[{name}{JOINTS[self.examples]} 1]" if has_ones else name
        node = self._block("x" if stage < 0 else f"y{stage}", "vector", label, [elements])
        if has_ones:
            node = node._replace(cells=[*node.cells[:-1], [*node.cells[-1][:-1], Cell(PAPER, "1")]])
        is_lit = self.lit.has_stage(stage)
        return self._seen(node, is_lit, is_lit or self.lit.has_stage(stage + 1))

    def _seen(self, node: Node, is_lit: bool, is_strong: bool) -> Node:
        """Highlighted, as usual, or in the background, where its elements are told only if that was asked for."""
        if is_strong or not self.lit.is_on:
            return node._replace(is_lit=is_lit)
        return node._replace(is_pale=True, cells=[[self._pale(cell) for cell in row] for row in node.cells])

    def _pale(self, cell: Cell) -> Cell:
        return Cell(PAPER, cell.text if self.has_all_numbers else "")

    def _block(self, name: str, look: str, label: str, matrix: Matrix) -> Node:
        """A matrix of the convention of rows, turned where that is not the one."""
        rows = matrix if self.examples == "rows" else list(zip(*matrix))
        shape = f"{len(rows)} × {len(rows[0])}"
        columns = shown(len(rows[0]))
        cells = [[self._cell(rows, i, j, self.largest[look]) for j in columns] for i in shown(len(rows))]
        return Node(name, look, label=label, remark=shape, cells=cells, tooltip=f"{label}: {shape}")

    def _cell(self, rows: Matrix, i: Index, j: Index, largest: float) -> Cell:
        """An element; dots in a row or a column that stands for those that are left out."""
        if i is None or j is None:
            return Cell(PAPER, dots(i, j))
        element = rows[i][j]
        if element is None:
            return Cell(PAPER)
        number = self.reading.number(element) if isinstance(element, Value) else element
        look = look_of(number)
        text = self.reading.told(number) if self.has_numbers or look == "unknown" else MARKS[look]
        return Cell(_tint(EDGES[look].color, DEEPEST * share(number, largest)), text)

    def _caption(self) -> str:
        has_biases = any(neuron.b is not None for stage in self.network.stages for neuron in stage.neurons)
        x = f"[x{JOINTS[self.examples]} 1]" if any(stage.has_ones for stage in self.network.stages) else "x"
        convention = CONVENTIONS[self.examples].format(x) + " + b" * has_biases
        return "\n".join(
            [
                f"{self.network.title}. {convention}.",
                f"The deeper its colour, the larger an element{self._scale()}.",
                *([] if self.has_numbers else ["Those with − are negative."]),
                *(["Matrices of gradients, in place of weights and biases."] if self.reading.gradients else []),
                *self.network.remarks,
                *self.reading.remarks(self.network.parameters),
            ]
        )

    def _scale(self) -> str:
        """The numbers that have the deepest colours; one for all that is no parameter."""
        whose = {"weights": "gradients" if self.reading.gradients else "weights", "vector": "others"}
        told = [f"{whose[look]} up to {self.reading.told(number)}" for look, number in self.largest.items() if number]
        return f" ({', '.join(told)})" if told else ""


def _tint(color: str, depth: float) -> str:
    """So much of a colour on paper."""
    parts = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - depth * (255 - part)):02x}" for part in parts)
