// What is told at each step of both passes: `autograd.stepping.passes` and `notation.rules` again.

const MOST_OPERANDS = 4;
const ELLIPSIS = named("…");

/** The operation of a node as a term, with the first operands of each vector; `read` says what stands for a Value. */
function operation(graph, node, read = named, most = MOST_OPERANDS) {
  const row = graph.row(node);
  const written = (place) => (graph.isPlain(place) ? toNumber(graph.parts[place].data) : read(place));
  const abridged = (vector) => [...vector.slice(0, most).map(written), ...(vector.length > most ? [ELLIPSIS] : [])];
  return new Term(
    row,
    graph.vectors(node).map((x) => (row.vectors ? abridged(x) : written(x))),
  );
}

/** The formula of the partial for the operand at a place, as a term; 0 where others of those that tie took all. */
function rule(graph, node, place, partial, read) {
  const row = graph.row(node);
  if (row.selects && partial === 0) return 0;
  const length = graph.length(node);
  const formula = row.partials[Math.floor(place / length)];
  if (formula === null) return 0;
  const operands = graph.vectors(node).map((x) => (row.vectors ? x[place % length] : x));
  return formula(algebra, ...operands.map(read), read(node));
}

/** How many of its uses have added to the adjoint of a part after so many steps of both passes, and of how many. */
function received(graph, part, position) {
  const steps = position - graph.inner.length;
  return [graph.uses[part].filter((index) => index < steps).length, graph.uses[part].length];
}

function receivedText(graph, part, position) {
  const [done, uses] = received(graph, part, position);
  if (!uses) return "the seed";
  return `${done === uses ? "complete: " : ""}${counted(done)} of ${counted(uses)} use${uses === 1 ? "" : "s"}`;
}

/** The step at a position from 1 on, as it is told. */
function stepTold(graph, state, position, hand) {
  const steps = graph.inner.length;
  return position <= steps
    ? forwardTold(graph, state, position, hand)
    : backwardTold(graph, state, position - steps, hand);
}

function forwardTold(graph, state, number, hand) {
  const node = graph.inner[number - 1];
  const texts = [
    hand.name(node),
    hand.write(operation(graph, node)),
    hand.write(operation(graph, node, (place) => state.values[place])),
    hand.number(state.values[node]),
  ];
  const edges = graph.places(node).map((place) => edgeKey(node, place));
  return {
    node,
    edges,
    title: `forward ${counted(number)} of ${counted(graph.inner.length)}`,
    equal: [...new Set(texts)],
    remarks: [],
    flows: [],
  };
}

function backwardTold(graph, state, number, hand) {
  const node = graph.backward[number - 1];
  const { sums, isReached } = passedBack(graph, state.values, number - 1);
  const reached = isReached[node];
  const adjoint = reached
    ? `adjoint ${hand.number(sums[node])}, ${receivedText(graph, node, 2 * graph.inner.length)}`
    : "to whose adjoint nothing was added: it passes nothing on";
  const flows = reached ? flowsOf(graph, node, state.values, sums, isReached) : [];
  const { selects, ties } = graph.row(node);
  return {
    node,
    edges: flows.map((flow) => edgeKey(node, flow.place)),
    title: `backward ${counted(number)} of ${counted(graph.inner.length)}`,
    equal: [hand.name(node), hand.write(operation(graph, node))],
    remarks: [adjoint, ...(selects && flows.length ? [`where operands tie, ${ties}`] : [])],
    flows: flows.map((flow) => ({ ...flow, cells: cells(graph, flow, number - 1, hand) })),
  };
}

const HEADINGS = ["", "local derivative", "adjoint · local", "running sum", "uses"];

/** A flow as a row: where to, local derivative, product, running sum, which use it is and whose is to come. */
function cells(graph, flow, index, hand) {
  const [node, operand] = [hand.name(flow.node), hand.name(flow.operand)];
  const read = (place) => (graph.isPlain(place) ? toNumber(graph.parts[place].data) : named(place));
  const formula = hand.write(rule(graph, flow.node, flow.place, flow.partial, read));
  const [number, product, before, after] = [flow.partial, flow.product, flow.before, flow.after].map((x) =>
    hand.number(x),
  );
  const users = graph.uses[flow.operand];
  const use = useNumber(graph, flow, index);
  const next =
    use < users.length ? `, then ${hand.name(graph.backward[users[use]])}${users.length - use > 1 ? " …" : ""}` : "";
  return [
    `→ ${operand}`,
    [...new Set([`∂${node}/∂${operand}`, formula, number])].join(" = "),
    flow.adds ? `${hand.product(flow.adjoint, flow.partial)} = ${product}` : "",
    flow.adds ? `${plus(before, product)} = ${after}` : "constant 0: adds nothing",
    `${counted(use)} of ${counted(users.length)}${next}`,
  ];
}

/** Which of the operand's uses this is, in the order of the backward pass, from 1 on. */
function useNumber(graph, flow, index) {
  const operands = graph.operands(flow.node);
  const here = graph.places(flow.node).filter((place) => operands[place] === flow.operand);
  return graph.uses[flow.operand].filter((user) => user < index).length + here.indexOf(flow.place) + 1;
}

/** A number and what is added to it: 5 + 2, 5 − 2. */
function plus(x, y) {
  return y[0] === "−" ? `${x} − ${y.slice(1)}` : `${x} + ${y}`;
}

/** The name of one use of an operand. */
function edgeKey(node, place) {
  return `${node}:${place}`;
}
