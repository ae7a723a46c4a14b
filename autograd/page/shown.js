// What is shown of what the explorer knows: in the panels, in the picture, and to who listens.

/** Draws everything that the numbers, the step or the choice can change. */
function show() {
  const told = toldNow();
  showHeader();
  showTransport(told);
  showStep(told);
  showNode(nodeTold());
  find("leaves-list").classList.toggle("long", explorer.digits > SHORT);
  for (const row of rows.values())
    showLeaf(row, explorer.numbers[row.leaf], isRefused(row.leaf), explorer.typed === row.leaf, explorer.digits);
  showDescent();
  picture.show(shownIn(told));
  if (find("all-values").open) showTable(tableRows());
}

/** Whether a leaf has a number with which nothing is computed, or none. */
function isRefused(leaf) {
  if (!explorer.refusal) return false;
  return explorer.typed === leaf || !Object.is(explorer.numbers[leaf], explorer.state.values[leaf]);
}

function hand() {
  return new Mathematics(graph, explorer.digits, true);
}

/** Says something to who listens. */
function announce(message) {
  find("live").textContent = message;
}

// ---- the head, the step and the slider

function showHeader() {
  const name = graph.parts[graph.root].name;
  say(find("title"), `${name} = ${hand().number(explorer.state.values[graph.root])}`);
  say(find("summary"), summary());
  const refused = explorer.refusal?.(explorer.digits);
  say(find("refusal"), refused ? `${refused}. What is shown is stale: it belongs to the numbers before.` : "");
  find("refusal").hidden = !refused;
}

/** How large the graph is: 15 operations, 13 parameters, 2 inputs. */
function summary() {
  const kinds = new Map([["operation", graph.inner.length]]);
  for (const leaf of graph.leaves) kinds.set(graph.parts[leaf].role, (kinds.get(graph.parts[leaf].role) ?? 0) + 1);
  const plural = (kind, number) => (number === 1 ? kind : kind === "leaf" ? "leaves" : `${kind}s`);
  return [...kinds]
    .filter(([, number]) => number)
    .map(([kind, number]) => `${counted(number)} ${plural(kind, number)}`)
    .join(", ");
}

function showTransport(told) {
  const { position } = explorer;
  const slider = find("slider");
  slider.value = position;
  slider.setAttribute("aria-valuetext", told.title);
  find("where").textContent = position === steps ? "end" : position ? told.title : "start";
  find("back").disabled = find("first").disabled = position === 0;
  find("next").disabled = find("last").disabled = position === steps;
}

/** The step that is told; when the page opens, and at the start, it is none. */
function toldNow() {
  if (!explorer.isBegun) return overview();
  return explorer.position ? stepTold(graph, explorer.state, explorer.position, hand()) : beginning();
}

function overview() {
  const name = graph.parts[graph.root].name;
  if (!steps)
    return unstepped("A leaf", [
      `${name} is a leaf: nothing is computed, and its derivative with respect to itself is 1.`,
    ]);
  return unstepped("Both passes", [
    `All ${counted(steps)} steps are played: each node has its value and, in the other colour, its adjoint,` +
      ` the derivative of ${name} with respect to it.`,
    "Play them one by one with the buttons or the arrow keys. Choose a node to see why its derivative has its value." +
      " Change a leaf, and everything follows.",
  ]);
}

function beginning() {
  return unstepped("The start", [
    `None of the ${counted(steps)} steps is played. The leaves have their numbers; everything else follows from them.`,
  ]);
}

function unstepped(title, remarks) {
  return { node: null, edges: [], title, equal: [], flows: [], remarks };
}

// ---- the picture

/** What the picture tells at this step: numbers that are known by now, and what is lit. */
function shownIn(told) {
  const paths = litPaths();
  const known = knownAt(explorer.position);
  return {
    ...numbersIn(known),
    litParts: new Set(paths ? paths.flat().flatMap((edge) => [edge.node, edge.operand]) : partsOf(told)),
    litEdges: new Set(paths ? paths.flat().map((edge) => edgeKey(edge.node, edge.place)) : told.edges),
    isPath: Boolean(paths),
    isBackward: known.isBack && !paths,
    isStale: Boolean(explorer.refusal),
    active: paths ? null : told.node,
    selected: explorer.selected,
    reachable: explorer.selected ?? graph.root,
    edgeText: (uses) => edgeText(uses, paths ? [] : told.flows, known),
  };
}

function numbersIn(known) {
  return {
    plain: plainShown,
    part: (part) => partShown(part, known),
    group: (parts) => groupShown(parts, known),
  };
}

/** All numbers for which the picture needs room: on an edge the local derivative, and the product that flows back. */
function drawnIn() {
  const known = knownAt(steps);
  const { adjoints } = explorer.state;
  const flow = ({ node, place }) => ({ node, place, adds: true, product: adjoints[node] * slopesOf(node).get(place) });
  const edgeTexts = (uses) => [[], uses.map(flow)].map((flows) => edgeText(uses, flows, known));
  return { ...numbersIn(known), edgeTexts };
}

/** Which numbers are known after so many steps, and how they are written: "·" is a value that is still to come. */
function knownAt(position) {
  const { state } = explorer;
  const pending = new Set(graph.inner.slice(position));
  const isBack = position > graph.inner.length;
  const back = passedBack(graph, state.values, Math.max(0, position - graph.inner.length));
  const hasSum = (part) => isBack && !graph.isPlain(part) && (back.isReached[part] || position === steps);
  const style = hand();
  return {
    isBack,
    sums: back.sums,
    has: (part) => !pending.has(part),
    value: (part) => (pending.has(part) ? "·" : style.number(state.values[part])),
    adjoint: (part) => (hasSum(part) ? style.number(back.sums[part]) : ""),
  };
}

function litPaths() {
  if (explorer.selected === null || !explorer.explanation.paths.length) return null;
  return explorer.pressed ?? explorer.explanation.paths;
}

/** The node of a step, and the operands that it uses there. */
function partsOf({ node, edges }) {
  return [node, ...edges.map((key) => graph.operands(node)[Number(key.split(":")[1])])];
}

function plainShown(part) {
  const { data } = graph.parts[part];
  return { value: hand().number(toNumber(data)), tooltip: String(data), spoken: `constant ${data}` };
}

function partShown(part, known) {
  const { name, label, row, role } = graph.parts[part];
  const [value, adjoint] = [known.value(part), known.adjoint(part)];
  const exact = known.has(part) ? `value: ${short(explorer.state.values[part], FULL)}` : "not yet computed";
  const said = known.has(part) ? `value ${value}` : "not yet computed";
  return {
    value,
    adjoint: adjoint && `∂ ${adjoint}`,
    tooltip: `${label ?? name}\n${exact}${adjoint && ", grad: " + short(known.sums[part], FULL)}`,
    spoken: `${name}, ${row ?? role}, ${said}${adjoint && ", adjoint " + adjoint}`,
    isPending: !known.has(part),
  };
}

/** Of what stands closed: the smallest and the largest number. */
function groupShown(parts, known) {
  const [values, slopes] = [rangeOf(parts.map(known.value)), rangeOf(parts.map(known.adjoint))];
  return {
    value: values,
    adjoint: slopes && `∂ ${slopes}`,
    tooltip: "click to open",
    spoken: `closed group of ${parts.length} values, press Enter to open`,
    isPending: values === "·",
  };
}

/** The smallest and the largest of numbers that are written. */
function rangeOf(texts) {
  const written = texts.filter(Boolean);
  const order = (text) => (text === "nan" ? Infinity : readNumber(text));
  const known = written.filter((text) => text !== "·").sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
  if (!known.length) return written.length ? "·" : "";
  const isNaN = known.includes("nan");
  const numbers = known.filter((text) => text !== "nan");
  return [[...new Set([numbers[0], numbers.at(-1)])].filter(Boolean).join(" … "), isNaN && "nan"].filter(Boolean).join(", ");
}

/** What stands on an edge: the local derivative or, where an adjoint flows back in this step, the product. */
function edgeText(uses, flows, known) {
  if (uses.length > 2 || uses[0].node !== uses.at(-1).node) return `×${counted(uses.length)}`;
  const [first, second] = uses.map((use) => useText(use, flows, known));
  return first && first === second ? `2 × ${first}` : [first, second].filter(Boolean).join(", ");
}

function useText({ node, place, key }, flows, known) {
  const flow = flows.find((each) => edgeKey(each.node, each.place) === key);
  if (flow) return flow.adds ? hand().number(flow.product) : "constant 0";
  return known.has(node) ? hand().number(slopesOf(node).get(place)) : "";
}

/** The local derivatives of a node by its places, which are computed once for each state. */
function slopesOf(node) {
  const { state } = explorer;
  state.slopes ??= new Map();
  if (!state.slopes.has(node)) {
    state.slopes.set(
      node,
      new Map(localPartials(graph, node, state.values).map(({ place, partial }) => [place, partial])),
    );
  }
  return state.slopes.get(node);
}

// ---- the chosen node

function nodeTold() {
  const { selected, state, explanation } = explorer;
  if (selected === null) return null;
  return {
    name: graph.parts[selected].name,
    facts: factsOf(selected),
    whyTitle: `Why ${new Teller(graph, state, explorer.digits).quotient(graph.root, selected)} has its value`,
    lines: explanation.lines,
    isPressed: (paths) => explorer.pressed === paths,
    press,
  };
}

/** What is told of a node, each with its heading. */
function factsOf(node) {
  const { label, row, role } = graph.parts[node];
  const exactly = (x) => html("output", { title: short(x, FULL) }, hand().number(x));
  const group = explorer.grouping?.of[node] ?? -1;
  return [
    ...(label ? [["label", label]] : []),
    row
      ? ["formula", hand().write(operation(graph, node))]
      : ["leaf", role === "leaf" ? "a number that is given" : role],
    ["value", exactly(explorer.state.values[node])],
    ...(row ? [] : [["change", editor(node)]]),
    ["adjoint", exactly(explorer.state.adjoints[node]), ` (${receivedText(graph, node, steps)})`],
    ...(explorer.open.has(group) ? [["group", closer(group)]] : []),
  ];
}

/** Lights up some paths alone, or all again. */
function press(paths) {
  explorer.pressed = explorer.pressed === paths ? null : paths;
  const place = [...find("why").children].indexOf(document.activeElement);
  show();
  find("why").children[place]?.focus();
}

function editor(leaf) {
  const field = html("input", {
    type: "text",
    inputmode: "decimal",
    value: short(explorer.numbers[leaf], Math.max(SHORT, explorer.digits)),
    "aria-label": `value of ${graph.parts[leaf].name}`,
    "aria-invalid": String(isRefused(leaf)),
  });
  if (explorer.typed === leaf) field.value = explorer.text;
  field.addEventListener("change", () => change(leaf, readNumber(field.value), field));
  return field;
}

function closer(group) {
  const name = explorer.grouping.groups[group].name;
  return html("button", { type: "button", onclick: () => toggle(group) }, `close ${name}`);
}

// ---- gradient descent, and all values

function showDescent() {
  const { rate, losses } = explorer;
  const told = courseTold();
  find("rate-text").textContent = mathematical(rate, 3);
  find("rate").value = Math.log10(rate);
  find("rate").setAttribute("aria-valuetext", mathematical(rate, 3));
  find("descend").disabled = find("descend-ten").disabled = Boolean(explorer.refusal);
  find("descent-told").textContent = told;
  find("curve").toggleAttribute("hidden", losses.length < 2);
  find("curve").setAttribute("aria-label", `the loss at the start and after each step; ${told}`);
  if (losses.length > 1) showCurve(losses, hand());
}

/** The last step of gradient descent, or what one would do. */
function courseTold() {
  const name = graph.parts[graph.root].name;
  const last = explorer.losses.slice(-2).map((loss) => hand().number(loss));
  if (last.length > 1) return `${name}: ${last.join(" → ")}`;
  const kind = graph.parts[moving[0]].role === "parameter" ? "parameters" : "leaves";
  const what = moving.length === 1 ? graph.parts[moving[0]].name : `${counted(moving.length)} ${kind}`;
  return `A step moves ${what}: p ← p − η · ∂${name}/∂p.`;
}

/** Every Value, in all digits. */
function tableRows() {
  const { values, adjoints } = explorer.state;
  const named = [...graph.parts.keys()].filter((part) => !graph.isPlain(part));
  return named.map((part) => ({
    name: graph.parts[part].name,
    operation: graph.isInner(part) ? hand().write(operation(graph, part)) : graph.parts[part].role,
    value: short(values[part], FULL),
    adjoint: short(adjoints[part], FULL),
  }));
}
