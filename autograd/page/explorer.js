// The explorer: what is known, what is chosen, and what each key and button does.

const contents = JSON.parse(find("graph").textContent);
const graph = new Graph(contents);
const steps = 2 * graph.inner.length;

const moving = movingLeaves(graph);

const explorer = {
  numbers: Float64Array.from(graph.recorded), // of leaves and constants, as they are asked for
  state: null, // all that follows from the last numbers that were inside of every domain
  refusal: "",
  position: steps,
  isBegun: false, // whether a step was asked for
  selected: null,
  explanation: null, // of the selected node
  pressed: null, // the paths that are lit, null for all that are told
  digits: contents.precision,
  grouping: contents.isLarge ? (contents.groupings.at(0) ?? null) : null,
  open: new Set(),
  rate: contents.lr,
  losses: [],
};

// ---- what is shown

function hand() {
  return new Mathematics(graph, explorer.digits, true);
}

/** The step that is told; when the page opens, and at the start, it is none. */
function toldNow() {
  if (!explorer.isBegun) return overview();
  return explorer.position ? stepTold(graph, explorer.state, explorer.position, hand()) : beginning();
}

/** Draws everything that the numbers, the step or the choice can change. */
function show() {
  const told = toldNow();
  showHeader();
  showTransport(told);
  showStep(told);
  showNode(nodeTold());
  for (const row of rows.values()) showLeaf(row, explorer.numbers[row.leaf], explorer.refused === row.leaf, explorer.digits);
  showDescent();
  picture.show(shownIn(told));
  if (find("all-values").open) showTable(tableRows());
}

function overview() {
  const name = graph.parts[graph.root].name;
  if (!steps) return unstepped("A leaf", [`${name} is a leaf: nothing is computed, and its derivative with respect to itself is 1.`]);
  return unstepped("Both passes", [
    `All ${counted(steps)} steps are played: each node has its value and, in the other colour, its adjoint, the derivative of ${name} with respect to it.`,
    "Play them one by one with the buttons or the arrow keys. Choose a node to see why its derivative has its value. Change a leaf, and everything follows.",
  ]);
}

function beginning() {
  return unstepped("The start", [`None of the ${counted(steps)} steps is played. The leaves have their numbers; everything else follows from them.`]);
}

function unstepped(title, remarks) {
  return { node: null, edges: [], title, equal: [], flows: [], remarks };
}

function showHeader() {
  const name = graph.parts[graph.root].name;
  find("title").textContent = `${name} = ${hand().number(explorer.state.values[graph.root])}`;
  find("summary").textContent = summary();
  find("refusal").textContent = explorer.refusal;
  find("refusal").hidden = !explorer.refusal;
}

/** How large the graph is: 15 operations, 13 parameters, 2 inputs. */
function summary() {
  const kinds = new Map([["operation", graph.inner.length]]);
  for (const leaf of graph.leaves) kinds.set(graph.parts[leaf].role, (kinds.get(graph.parts[leaf].role) ?? 0) + 1);
  const plural = (kind, number) => (number === 1 ? kind : kind === "leaf" ? "leaves" : `${kind}s`);
  return [...kinds].filter(([, number]) => number).map(([kind, number]) => `${counted(number)} ${plural(kind, number)}`).join(", ");
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
  const lit = new Set(paths ? paths.flat().flatMap((edge) => [edge.node, edge.operand]) : [told.node, ...told.edges.map((key) => operandOf(key))]);
  const value = (part) => (computedParts.has(part) ? style.number(state.values[part]) : "·");
  const adjoint = (part) => (isBack && !graph.isPlain(part) && (back.isReached[part] || position === steps) ? style.number(back.sums[part]) : "");
  return {
    litParts: lit,
    litEdges: new Set(paths ? paths.flat().map((edge) => edgeKey(edge.node, edge.place)) : told.edges),
    isPath: Boolean(paths),
    isBackward: isBack && !paths,
    isStale: Boolean(explorer.refusal),
    active: paths ? null : told.node,
    selected,
    reachable: selected ?? graph.root,
    plain: (part) => ({ value: style.number(toNumber(graph.parts[part].data)), tooltip: String(graph.parts[part].data), spoken: `constant ${graph.parts[part].data}` }),
    part: (part) => partShown(part, value(part), adjoint(part), isBack ? back.sums[part] : NaN, computedParts.has(part)),
    group: (parts) => groupShown(parts, value, adjoint),
    edgeText: (uses) => edgeText(uses, told, isBack && !paths, computedParts, style),
  };
}

/** The local derivatives of a node by its places, which are computed once for each state. */
function slopesOf(node) {
  const { state } = explorer;
  state.slopes ??= new Map();
  if (!state.slopes.has(node)) {
    state.slopes.set(node, new Map(localPartials(graph, node, state.values).map(({ place, partial }) => [place, partial])));
  }
  return state.slopes.get(node);
}

function operandOf(key) {
  const [node, place] = key.split(":").map(Number);
  return graph.operands(node)[place];
}

function partShown(part, value, adjoint, sum, isComputed) {
  const { name, label, row } = graph.parts[part];
  const exact = isComputed ? `value: ${short(explorer.state.values[part], FULL)}` : "not yet computed";
  const slope = adjoint ? `, grad: ${short(sum, FULL)}` : "";
  const said = `${name}${row ? `, ${row}` : `, ${graph.parts[part].role}`}, ${isComputed ? `value ${value}` : "not yet computed"}`;
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
  return { value: range(value), adjoint: slopes && `∂ ${slopes}`, tooltip: "click to open", spoken: `closed group of ${parts.length} values, press Enter to open`, isPending: range(value) === "·" };
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
  return texts.join(", ");
}

function litPaths() {
  if (explorer.selected === null || !explorer.explanation.paths.length) return null;
  return explorer.pressed ?? explorer.explanation.paths;
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
  facts.push(["value", html("output", { title: short(state.values[selected], FULL) }, style.number(state.values[selected]))]);
  if (!part.row) facts.push(["change", editor(selected)]);
  facts.push(["adjoint", html("output", { title: short(state.adjoints[selected], FULL) }, style.number(state.adjoints[selected])), ` (${receivedText(graph, selected, steps)})`]);
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
      [...find("why").querySelectorAll(".path")].find((button) => button.getAttribute("aria-pressed") === "true")?.focus();
    },
  };
}

function editor(leaf) {
  const field = html("input", { type: "text", inputmode: "decimal", value: short(explorer.numbers[leaf], Math.max(6, explorer.digits)), "aria-label": `value of ${graph.parts[leaf].name}` });
  field.addEventListener("change", () => change(leaf, readNumber(field.value), field));
  return field;
}

function closer(group) {
  const name = explorer.grouping.groups[group].name;
  return html("button", { type: "button", onclick: () => toggle(group) }, `close ${name}`);
}

function choose(part) {
  explorer.selected = part;
  explorer.pressed = null;
  explain();
  show();
  if (part !== null) {
    picture.reveal(part);
    announce(`${graph.parts[part].name} is chosen`);
  }
}

function explain() {
  const { selected, state, digits } = explorer;
  explorer.explanation = selected === null ? null : explained(graph, state, selected, digits);
}

/** Opens a closed group, or closes an open one. */
function toggle(group) {
  const isFocused = document.activeElement.closest("#picture");
  if (!explorer.open.delete(group)) explorer.open.add(group);
  redraw();
  const first = explorer.grouping.of.indexOf(group);
  if (isFocused) picture.boxes[picture.boxOf[first]].element.focus();
  announce(explorer.open.has(group) ? `${explorer.grouping.groups[group].name} is open` : "the group is closed");
}

// ---- the numbers

/** A leaf gets a number; null is what is no number. */
function change(leaf, number, field) {
  if (number === null) {
    field.setAttribute("aria-invalid", "true");
    announce(`${field.value} is no number`);
    return refuse(`${field.value || "nothing"} is no number`, leaf);
  }
  const numbers = Float64Array.from(explorer.numbers);
  numbers[leaf] = number;
  explorer.numbers = numbers;
  attempt(numbers, leaf);
}

/** Computes everything anew; where that leaves a domain, what was known before stays in sight, and is said to be stale. */
function attempt(numbers, leaf = null) {
  try {
    explorer.state = computed(graph, numbers);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return refuse(error.message, leaf);
  }
  explorer.refusal = "";
  explorer.refused = null;
  explain();
  show();
}

function refuse(message, leaf) {
  explorer.refusal = `${message}. What is shown is stale: it belongs to the numbers before.`;
  explorer.refused = leaf;
  show();
}

/** Drags the number of a leaf: a hundredth of its size for each pixel. */
function scrub(leaf, pixels) {
  const unit = 10 ** Math.floor(Math.log10(Math.max(Math.abs(graph.recorded[leaf]), 1e-3)) - 1);
  change(leaf, Number((explorer.numbers[leaf] + pixels * unit * 0.5).toPrecision(12)), null);
}

// ---- gradient descent

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
  const what = moving.length === 1 ? graph.parts[moving[0]].name : `${counted(moving.length)} ${graph.parts[moving[0]]?.role === "parameter" ? "parameters" : "leaves"}`;
  const course = losses.length > 1 ? `${name}: ${losses.slice(-2).map((loss) => style.number(loss)).join(" → ")}` : `A step moves ${what}: p ← p − η · ∂${name}/∂p.`;
  find("descent-told").textContent = course;
  find("curve").setAttribute("aria-label", `the loss after each of ${losses.length ? losses.length - 1 : 0} steps; ${course}`);
}

function descend(times) {
  if (!explorer.losses.length) explorer.losses = [explorer.state.values[graph.root]];
  for (let i = 0; i < times && !explorer.refusal; i += 1) {
    const infinite = moving.find((leaf) => !Number.isFinite(explorer.state.adjoints[leaf]));
    if (infinite !== undefined) {
      find("descent-told").textContent = `The gradient of ${graph.parts[infinite].name} is ${short(explorer.state.adjoints[infinite], 4)}: no step is taken.`;
      return;
    }
    const numbers = descended(graph, explorer.state, moving, explorer.rate);
    try {
      explorer.state = computed(graph, numbers);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      explain();
      show();
      find("descent-told").textContent = `No step is taken: ${error.message}.`;
      return;
    }
    explorer.numbers = numbers;
    explorer.losses.push(explorer.state.values[graph.root]);
  }
  explain();
  show();
  announce(find("descent-told").textContent);
}

function reset() {
  explorer.losses = [];
  explorer.numbers = Float64Array.from(graph.recorded);
  attempt(explorer.numbers);
  for (const row of rows.values()) centre(row, graph.recorded[row.leaf]);
  announce("all leaves have their first numbers again");
}

// ---- stepping

function go(position) {
  explorer.position = Math.min(steps, Math.max(0, position));
  explorer.isBegun = true;
  explorer.selected = null;
  explorer.pressed = null;
  explorer.explanation = null;
  show();
  const told = toldNow();
  if (told.node !== null) picture.reveal(told.node);
  announce([`${told.title}:`, told.equal.join(" = "), ...told.remarks, ...told.flows.map((flow) => flow.cells.join(", "))].join(" "));
}

let playing = null;

function play() {
  if (playing) return pause();
  if (explorer.position === steps) go(0);
  playing = setInterval(() => (explorer.position < steps ? go(explorer.position + 1) : pause()), 900);
  find("play").setAttribute("aria-pressed", "true");
}

function pause() {
  clearInterval(playing);
  playing = null;
  find("play").setAttribute("aria-pressed", "false");
}

function announce(message) {
  find("live").textContent = message;
}

function tableRows() {
  const { state } = explorer;
  return graph.parts.flatMap((part, place) => (part.name === undefined ? [] : [{
    name: part.name,
    operation: part.row ? hand().write(operation(graph, place)) : part.role,
    value: short(state.values[place], FULL),
    adjoint: short(state.adjoints[place], FULL),
  }]));
}

// ---- the beginning

function redraw() {
  picture.draw(explorer.grouping, explorer.open);
  show();
  picture.open(explorer.selected ?? toldNow().node ?? graph.root);
}

function keyPressed(event) {
  const isTyped = event.target.matches("input, select, textarea, summary");
  if (isTyped || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = {
    ArrowRight: () => go(explorer.position + 1),
    ArrowLeft: () => go(explorer.position - 1),
    Home: () => go(0),
    End: () => go(steps),
    "+": () => picture.zoomBy(1.25),
    "-": () => picture.zoomBy(0.8),
    0: () => picture.fit(),
    Escape: () => choose(null),
  };
  const inPicture = event.target.closest(".node");
  if (inPicture) {
    const i = Number(inPicture.dataset.box);
    const focus = (to) => picture.boxes.at(to % picture.boxes.length).element.focus();
    Object.assign(keys, { ArrowDown: () => focus(i + 1), ArrowUp: () => focus(i - 1), Enter: () => chooseBox(picture.boxes[i]), " ": () => chooseBox(picture.boxes[i]) });
  }
  if (keys[event.key]) {
    event.preventDefault();
    pause();
    keys[event.key]();
  }
}

function chooseBox(box) {
  if (!box) return choose(null);
  if (box.group >= 0) return toggle(box.group);
  if (!box.isPlain) choose(box.parts[0]);
}

function turnTheme() {
  const isDark = document.documentElement.dataset.theme === "dark" || (!document.documentElement.dataset.theme && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "light" : "dark";
}

function listen() {
  const clicks = { first: () => go(0), back: () => go(explorer.position - 1), next: () => go(explorer.position + 1), last: () => go(steps) };
  for (const [id, act] of Object.entries(clicks)) find(id).addEventListener("click", () => { pause(); act(); });
  find("play").addEventListener("click", play);
  find("slider").max = steps;
  find("slider").addEventListener("input", (event) => { pause(); go(Number(event.target.value)); });
  find("zoom-in").addEventListener("click", () => picture.zoomBy(1.25));
  find("zoom-out").addEventListener("click", () => picture.zoomBy(0.8));
  find("fit").addEventListener("click", () => picture.fit());
  find("theme").addEventListener("click", turnTheme);
  find("descend").addEventListener("click", () => descend(1));
  find("descend-ten").addEventListener("click", () => descend(10));
  find("reset").addEventListener("click", reset);
  find("rate").addEventListener("input", (event) => { explorer.rate = Number((10 ** Number(event.target.value)).toPrecision(3)); showDescent(); });
  find("close-node").addEventListener("click", () => choose(null));
  find("all-values").addEventListener("toggle", show);
  find("digits").addEventListener("change", (event) => { explorer.digits = Number(event.target.value); explain(); show(); });
  find("grouping").addEventListener("change", (event) => { explorer.grouping = contents.groupings[event.target.value] ?? null; explorer.open.clear(); redraw(); });
  document.addEventListener("keydown", keyPressed);
  new ResizeObserver(() => picture.isTurned() && redraw()).observe(find("picture"));
}

function offer() {
  const digits = [...new Set([contents.precision, 4, 8, FULL])].sort((a, b) => a - b);
  find("digits").append(...digits.map((number) => html("option", { value: number, selected: number === contents.precision && "" }, number === FULL ? "all" : String(number))));
  find("grouping").append(html("option", { value: "none" }, "none"), ...contents.groupings.map(({ level }, i) => html("option", { value: i, selected: explorer.grouping && i === 0 && "" }, level)));
  find("grouping").closest("label").hidden = !contents.groupings.length;
}

document.documentElement.classList.add("scripted");
find("static").remove();
explorer.state = computed(graph, explorer.numbers);
const rows = leafRows(graph, change);
const picture = new Picture(find("picture"), graph, { choose: chooseBox, scrub });
offer();
listen();
redraw();
