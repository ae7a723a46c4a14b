// What is shown of what the explorer knows: in the panels, in the picture, and to who listens.

/** Draws everything that the numbers, the step or the choice can change. */
function show() {
  const told = toldNow();
  showHeader();
  showTransport(told);
  showStep(told);
  showNode(nodeTold());
  for (const row of rows.values())
    showLeaf(row, explorer.numbers[row.leaf], explorer.refused === row.leaf, explorer.digits);
  showDescent();
  picture.show(shownIn(told));
  if (find("all-values").open) showTable(tableRows());
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
  say(find("refusal"), explorer.refusal);
  find("refusal").hidden = !explorer.refusal;
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
  const { state, position, selected } = explorer;
  const pending = new Set(graph.inner.slice(position));
  const isComputed = (part) => !pending.has(part);
  const computedParts = new Set([...graph.parts.keys()].filter(isComputed));
  const back = passedBack(graph, state.values, position - graph.inner.length > 0 ? position - graph.inner.length : 0);
  const isBack = position > graph.inner.length;
  const style = hand();
  const paths = litPaths();
  const lit = new Set(
    paths
      ? paths.flat().flatMap((edge) => [edge.node, edge.operand])
      : [told.node, ...told.edges.map((key) => operandOf(key))],
  );
  const value = (part) => (computedParts.has(part) ? style.number(state.values[part]) : "·");
  const adjoint = (part) =>
    isBack && !graph.isPlain(part) && (back.isReached[part] || position === steps) ? style.number(back.sums[part]) : "";
  return {
    litParts: lit,
    litEdges: new Set(paths ? paths.flat().map((edge) => edgeKey(edge.node, edge.place)) : told.edges),
    isPath: Boolean(paths),
    isBackward: isBack && !paths,
    isStale: Boolean(explorer.refusal),
    active: paths ? null : told.node,
    selected,
    reachable: selected ?? graph.root,
    plain: (part) => ({
      value: style.number(toNumber(graph.parts[part].data)),
      tooltip: String(graph.parts[part].data),
      spoken: `constant ${graph.parts[part].data}`,
    }),
    part: (part) =>
      partShown(part, value(part), adjoint(part), isBack ? back.sums[part] : NaN, computedParts.has(part)),
    group: (parts) => groupShown(parts, value, adjoint),
    edgeText: (uses) => edgeText(uses, told, isBack && !paths, computedParts, style),
  };
}

function litPaths() {
  if (explorer.selected === null || !explorer.explanation.paths.length) return null;
  return explorer.pressed ?? explorer.explanation.paths;
}

function operandOf(key) {
  const [node, place] = key.split(":").map(Number);
  return graph.operands(node)[place];
}

function partShown(part, value, adjoint, sum, isComputed) {
  const { name, label, row } = graph.parts[part];
  const exact = isComputed ? `value: ${short(explorer.state.values[part], FULL)}` : "not yet computed";
  const slope = adjoint ? `, grad: ${short(sum, FULL)}` : "";
  const said = `${name}, ${row ?? graph.parts[part].role}, ${isComputed ? `value ${value}` : "not yet computed"}`;
  return {
    value,
    adjoint: adjoint && `∂ ${adjoint}`,
    tooltip: `${label ?? name}\n${exact}${slope}`,
    spoken: said + (adjoint ? `, adjoint ${adjoint}` : ""),
    isPending: !isComputed,
  };
}

/** Of what stands closed: the smallest and the largest number, and how many there are. */
function groupShown(parts, value, adjoint) {
  const range = (text) => {
    const texts = parts.map(text).filter(Boolean);
    const known = texts.filter((each) => each !== "·").sort((a, b) => numberIn(a) - numberIn(b));
    return known.length ? [...new Set([known[0], known.at(-1)])].join(" … ") : texts.length ? "·" : "";
  };
  const slopes = range(adjoint);
  return {
    value: range(value),
    adjoint: slopes && `∂ ${slopes}`,
    tooltip: "click to open",
    spoken: `closed group of ${parts.length} values, press Enter to open`,
    isPending: range(value) === "·",
  };
}

function numberIn(written) {
  return readNumber(written) ?? NaN;
}

/** What stands on an edge: the local derivative or, where an adjoint flows back in this step, the product. */
function edgeText(uses, told, isBack, computedParts, style) {
  if (uses.length > 2 || uses[0].node !== uses.at(-1).node) return `×${counted(uses.length)}`;
  const texts = uses.map(({ node, place, key }) => {
    const flow = isBack && told.flows.find((each) => edgeKey(each.node, each.place) === key);
    if (flow) return flow.adds ? style.number(flow.product) : "constant 0";
    if (!computedParts.has(node)) return "";
    return style.number(slopesOf(node).get(place));
  });
  return texts.length === 2 && texts[0] === texts[1] && texts[0] ? `2 × ${texts[0]}` : texts.join(", ");
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
  const style = new Mathematics(graph, explorer.digits);
  const part = graph.parts[selected];
  const facts = [];
  if (part.label) facts.push(["label", part.label]);
  if (part.row) facts.push(["formula", hand().write(operation(graph, selected))]);
  else facts.push(["leaf", part.role === "leaf" ? "a number that is given" : part.role]);
  facts.push([
    "value",
    html("output", { title: short(state.values[selected], FULL) }, style.number(state.values[selected])),
  ]);
  if (!part.row) facts.push(["change", editor(selected)]);
  facts.push([
    "adjoint",
    html("output", { title: short(state.adjoints[selected], FULL) }, style.number(state.adjoints[selected])),
    ` (${receivedText(graph, selected, steps)})`,
  ]);
  const group = explorer.grouping && explorer.grouping.of[selected];
  if (explorer.grouping && group >= 0 && explorer.open.has(group)) facts.push(["group", closer(group)]);
  return {
    name: part.name,
    facts,
    whyTitle: `Why ${new Teller(graph, state, explorer.digits).quotient(graph.root, selected)} has its value`,
    lines: explanation.lines,
    isPressed: (paths) => explorer.pressed === paths,
    press(paths) {
      explorer.pressed = explorer.pressed === paths ? null : paths;
      show();
      [...find("why").querySelectorAll(".path")]
        .find((button) => button.getAttribute("aria-pressed") === "true")
        ?.focus();
    },
  };
}

function editor(leaf) {
  const field = html("input", {
    type: "text",
    inputmode: "decimal",
    value: short(explorer.numbers[leaf], Math.max(6, explorer.digits)),
    "aria-label": `value of ${graph.parts[leaf].name}`,
  });
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
  const style = hand();
  find("rate-text").textContent = mathematical(rate, 3);
  find("rate").value = Math.log10(rate);
  find("rate").setAttribute("aria-valuetext", mathematical(rate, 3));
  find("descend").disabled = find("descend-ten").disabled = Boolean(explorer.refusal);
  find("curve").toggleAttribute("hidden", losses.length < 2);
  if (losses.length > 1) showCurve(losses, style);
  const name = graph.parts[graph.root].name;
  const what =
    moving.length === 1
      ? graph.parts[moving[0]].name
      : `${counted(moving.length)} ${graph.parts[moving[0]]?.role === "parameter" ? "parameters" : "leaves"}`;
  const course =
    losses.length > 1
      ? `${name}: ${losses
          .slice(-2)
          .map((loss) => style.number(loss))
          .join(" → ")}`
      : `A step moves ${what}: p ← p − η · ∂${name}/∂p.`;
  find("descent-told").textContent = course;
  find("curve").setAttribute(
    "aria-label",
    `the loss after each of ${losses.length ? losses.length - 1 : 0} steps; ${course}`,
  );
}

function tableRows() {
  const { state } = explorer;
  return graph.parts.flatMap((part, place) =>
    part.name === undefined
      ? []
      : [
          {
            name: part.name,
            operation: part.row ? hand().write(operation(graph, place)) : part.role,
            value: short(state.values[place], FULL),
            adjoint: short(state.adjoints[place], FULL),
          },
        ],
  );
}
