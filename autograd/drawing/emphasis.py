"""What is highlighted in a picture: Values, paths of an explanation, or where a stepper stands."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from autograd.drawing.facts import Facts, Played
from autograd.drawing.parts import Place
from autograd.explanation.chain_rule import Explanation, PathTold
from autograd.explanation.paths import Path
from autograd.notation.rules import places
from autograd.stepping.passes import BackwardStep, ForwardStep
from autograd.stepping.stepper import Stepper, Where
from autograd.value import Value


class Emphasis(NamedTuple):
    """The Values and the uses that are highlighted; of a step also the numbers to be told, and which step it is.

    `flows_back` says that what flows along these uses is an adjoint.
    """

    nodes: frozenset[Value] = frozenset()
    uses: frozenset[Place] = frozenset()
    facts: Facts | None = None
    caption: str = ""
    flows_back: bool = False


def emphasis_of(highlight: Any, order: Sequence[Value], roots: Sequence[Value]) -> Emphasis:
    """What `highlight` means for the graph in this order: None, a Value or several, a path, an explanation, a step.

    Raises TypeError for anything else, and ValueError for what is not in this graph.
    """
    if highlight is None:
        return Emphasis()
    if isinstance(highlight, (Stepper, Where, ForwardStep, BackwardStep)):
        return _of_step(highlight, roots)
    paths = _paths(highlight)
    found = _of_values(highlight) if paths is None else _of_paths(paths)
    strangers = list(found.nodes.difference(order))
    if strangers:
        raise ValueError(f"highlight needs what is in the graph that is drawn; this is not: {strangers[0]!r}")
    return found


def _paths(highlight: Any) -> list[Path] | None:
    """The paths that something consists of; None for what is no path."""
    if isinstance(highlight, Explanation):
        return [told.path for told in highlight.paths]
    several = highlight if isinstance(highlight, (list, tuple)) and not isinstance(highlight, Path) else [highlight]
    found = [told.path if isinstance(told, PathTold) else told for told in several]
    return found if found and all(isinstance(path, Path) for path in found) else None


def _of_paths(paths: Iterable[Path]) -> Emphasis:
    edges = [edge for path in paths for edge in path.edges]
    nodes = {node for edge in edges for node in (edge.node, edge.operand)}
    return Emphasis(frozenset(nodes), frozenset((edge.node, edge.place) for edge in edges))


def _of_values(highlight: Any) -> Emphasis:
    """Values, and the uses of one by another."""
    nodes = list(highlight) if isinstance(highlight, Iterable) else [highlight]
    for node in nodes:
        if type(node) is not Value:
            raise TypeError(
                "highlight takes Values, an explanation or a path of it, or a stepper or a step of it;"
                f" got {type(node).__name__} {reprlib.repr(node)}"
            )
    lit = frozenset(nodes)
    return Emphasis(lit, frozenset((node, place) for node in lit for place in places(node, among=lit)))


def _of_step(at: Stepper | Where | ForwardStep | BackwardStep, roots: Sequence[Value]) -> Emphasis:
    """The step at which something stands: its node, and the uses through which numbers flow in it."""
    if list(roots) != [at.root]:
        raise ValueError("highlight needs a step of the graph that is drawn; this is one of another graph")
    stepper = Stepper(at.root)
    played = list(islice(stepper, at.position))
    flows = {(flow.node, flow.place): flow for step in played if isinstance(step, BackwardStep) for flow in step.flows}
    facts, caption = Played(stepper, flows), f"step {at.position:,} of {len(stepper):,}"
    if not played:
        return Emphasis(facts=facts, caption=caption)
    node = played[-1].node
    if isinstance(played[-1], ForwardStep):
        uses = frozenset((node, place) for place in places(node))
        return Emphasis(frozenset([node]), uses, facts, f"{caption}, forward")
    used = [flow for flow in played[-1].flows if flow.adds]
    lit = frozenset([node, *(flow.operand for flow in used)])
    uses = frozenset((node, flow.place) for flow in used)
    return Emphasis(lit, uses, facts, f"{caption}, backward", flows_back=True)
