"""A network as neurons by layers, as in figures 8, 13 to 17, 23, 28 and 36 of document 002, in 003 and in 004."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from autograd import Value
from autograd.drawing.sketches import Edge, Line, Node, Sketch
from autograd.notation.screens import shortened
from autograd.notation.typesetting import FULL, mathematical
from nn.abridging import Index
from nn.diagrams.anatomy import activation_symbol, left_out, shown
from nn.diagrams.readings import MOST_NUMBERS, largest, look_of, share
from nn.diagrams.requests import Request

THINNEST, WIDEST, WIDEST_OF_MANY = 0.7, 4.5, 2.5
"""The widths of lines in points; of many lines the widest is less wide."""

MANY = 100
"""More lines than that are many."""

LONGEST_IN_LINE = 12
"""A longer name of an output stands below the sign of its neuron, in lines of so many letters: circles stay small."""


ONE = "one"
"""The place of the input that is always 1."""


def neurons(request: Request) -> Sketch:
    """The neurons of a network, layer after layer, and its weights as lines between them."""
    return _Neurons(request).sketch()


class _Weight(NamedTuple):
    """A weight that is drawn, between two nodes, and its label where it has none of its own."""

    weight: Value
    tail: str
    head: str
    label: str
    is_pale: bool


class _Row(NamedTuple):
    """What stands side by side."""

    title: str
    nodes: Sequence[Node]


class _Neurons:
    """Neurons by layers: of what is drawn each input and each neuron is one node, and each weight one edge."""

    def __init__(self, request: Request) -> None:
        self.network, self.reading, self.lit, numbers, self.loss, self.direction = request
        self.stages = shown(len(self.network.stages))
        self.weights = list(self._weights())
        strong = sum(not weight.is_pale for weight in self.weights)
        self.has_numbers = strong <= MOST_NUMBERS if numbers is None else numbers
        self.has_example = bool(self.network.x) and numbers is not False
        self.has_all_numbers = numbers is True
        self.largest = largest(map(self.reading.number, (weight.weight for weight in self.weights)))

    def sketch(self) -> Sketch:
        """All of it, a row for the inputs, for each stage, and for the loss."""
        rows = [self._row(-1, "input", self.network.inputs), *map(self._stage, self.stages)]
        edges = list(map(self._edge, self.weights))
        if self.loss:
            outputs = [node.name for node in rows[-1].nodes if node.look == "neuron"]
            edges += [Edge(output, "loss", is_pale=self.lit.is_on) for output in outputs]
            rows.append(_Row("loss", [Node("loss", "loss", label=self.loss, is_pale=self.lit.is_on)]))
        return Sketch(
            [node for row in rows for node in row.nodes],
            edges,
            self.direction,
            rows=[[node.name for node in row.nodes] for row in rows],
            titles=[row.title for row in rows],
            caption=self._caption(),
        )

    # ---- weights

    def _weights(self) -> Iterator[_Weight]:
        """Those between what is drawn; none where the layer before is left out."""
        for stage in _drawn(self.stages):
            if stage == 0 or stage - 1 in self.stages:
                yield from self._into(stage)

    def _into(self, stage: int) -> Iterator[_Weight]:
        neurons = self.network.stages[stage].neurons
        for j in _drawn(shown(len(neurons))):
            is_pale = self.lit.is_on and not self.lit.has(stage, [j])
            for i in _drawn(shown(neurons[j].n_inputs)):
                yield _Weight(neurons[j].w[i], _name(stage - 1, i), _name(stage, j), f"w[{i}]", is_pale)
            if self.network.stages[stage].has_ones:
                label = f"w[{neurons[j].n_inputs}]"
                yield _Weight(neurons[j].w[-1], _name(stage - 1, ONE), _name(stage, j), label, is_pale)

    def _edge(self, weight: _Weight) -> Edge:
        number = self.reading.number(weight.weight)
        return Edge(
            weight.tail,
            weight.head,
            look_of(number),
            text=self.reading.text(weight.weight) if self._is_numbered(weight.is_pale) else "",
            tooltip=self.reading.tooltip(weight.weight, weight.label),
            width=THINNEST if weight.is_pale else self._width(number),
            is_pale=weight.is_pale,
        )

    def _width(self, number: float | None) -> float:
        """In proportion to the size; an infinite number is as wide as the widest."""
        widest = WIDEST if len(self.weights) <= MANY else WIDEST_OF_MANY
        return THINNEST + (widest - THINNEST) * share(number, self.largest)

    # ---- nodes

    def _stage(self, place: Index) -> _Row:
        if place is None:
            places = left_out(len(self.network.stages))
            return _Row("", [Node("layers", "rest", label=f"… {len(places):,} more layers", is_pale=self.lit.is_on)])
        return self._row(place, self.network.stages[place].title, self.network.stages[place].names)

    def _row(self, stage: int, title: str, names: Sequence[str]) -> _Row:
        places = shown(len(names))
        nodes = [self._rest(stage, left_out(len(names))) if j is None else self._node(stage, j) for j in places]
        if self.network.reads_ones(stage) and stage + 1 in self.stages:
            one = Node(_name(stage, ONE), "feature", label="1", tooltip="an input that is always 1, in place of a bias")
            nodes.append(
                self._seen(one, stage, [0] if stage < 0 else [])
            )  # highlighted with the inputs, as one of them
        return _Row(f"{title} · {len(names):,}" if None in places else title, nodes)

    def _rest(self, stage: int, places: range) -> Node:
        return self._seen(Node(_name(stage, "rest"), "rest", label=f"⋮ {len(places):,} more"), stage, places)

    def _node(self, stage: int, place: int) -> Node:
        if stage < 0:
            return self._seen(self._input(place), stage, [place])
        node = self._seen(self._neuron(stage, place), stage, [place])
        if len(node.label) <= LONGEST_IN_LINE:
            return node
        name = textwrap.wrap(node.label, LONGEST_IN_LINE, break_long_words=False)
        lines = [Line(shortened(line, LONGEST_IN_LINE)) for line in name]
        return node._replace(label="", lines=[*lines, *node.lines])

    def _seen(self, node: Node, stage: int, places: Sequence[int]) -> Node:
        """Highlighted, as usual, or in the background, where it has numbers only if these were asked for."""
        is_pale = self.lit.is_pale(stage, places)
        lines = () if is_pale and not self.has_all_numbers else node.lines
        return node._replace(is_lit=self.lit.has(stage, places), is_pale=is_pale, lines=lines)

    def _is_numbered(self, is_pale: bool) -> bool:
        return self.has_all_numbers or (self.has_numbers and not is_pale)

    def _input(self, place: int) -> Node:
        name = self.network.inputs[place]
        if not self.network.x:
            return Node(_name(-1, place), "feature", label=name, tooltip=name)
        number = self.network.x[place]
        lines = [Line(self._number(number))] if self.has_example else []
        return Node(
            _name(-1, place), "feature", label=name, lines=lines, tooltip=f"{name} = {mathematical(number, FULL)}"
        )

    def _neuron(self, stage: int, place: int) -> Node:
        drawn = self.network.stages[stage]
        neuron, name = drawn.neurons[place], drawn.names[place]
        numbers = {"z": drawn.z[place], "y": drawn.y[place]} if drawn.z else {}
        lines = [self._bias(neuron.b)] if neuron.b is not None and self.has_numbers else []
        if self.has_example:
            lines += [Line(f"{letter} = {self._number(number)}") for letter, number in numbers.items()]
        told = [f"{letter} = {mathematical(number, FULL)}" for letter, number in numbers.items()]
        if neuron.b is not None:
            told.insert(0, self.reading.tooltip(neuron.b, "b"))
        tooltip = "\n".join([f"{name}: neuron {place + 1} of layer {stage + 1}", *told])
        return Node(_name(stage, place), "neuron", activation_symbol(neuron), name, lines=lines, tooltip=tooltip)

    def _bias(self, bias: Value) -> Line:
        letter = "grad b" if self.reading.gradients else "b"
        return Line(f"{letter} = {self.reading.text(bias)}", is_derivative=self.reading.gradients)

    def _number(self, number: float) -> str:
        return mathematical(number, self.reading.precision)

    def _caption(self) -> str:
        what = "the gradient of a weight" if self.reading.gradients else "a weight"
        size = f" (the widest: {self._number(self.largest)})" if self.largest else ""
        legend = [f"A line is {what}, as wide as that is large{size}:", "solid where positive, dashed where negative."]
        return "\n".join(
            [self.network.title, *legend, *self.network.remarks, *self.reading.remarks(self.network.parameters)]
        )


def _drawn(places: Iterable[Index]) -> list[int]:
    return [place for place in places if place is not None]


def _name(stage: int, place: int | str) -> str:
    """What a node is called in the source of the picture."""
    return f"x_{place}" if stage < 0 else f"n{stage}_{place}"
