// The explorer: what is known and what is chosen, and all that changes it.

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

// ---- what is chosen

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

function chooseBox(box) {
  if (!box) return choose(null);
  if (box.group >= 0) return toggle(box.group);
  if (!box.isPlain) choose(box.parts[0]);
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

/** Computes everything anew; where that leaves a domain, what was known stays in sight, and is said to be stale. */
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

function descend(times) {
  if (!explorer.losses.length) explorer.losses = [explorer.state.values[graph.root]];
  for (let i = 0; i < times && !explorer.refusal; i += 1) {
    const infinite = moving.find((leaf) => !Number.isFinite(explorer.state.adjoints[leaf]));
    if (infinite !== undefined) {
      find("descent-told").textContent =
        `The gradient of ${graph.parts[infinite].name} is ${short(explorer.state.adjoints[infinite], 4)}:` +
        " no step is taken.";
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
  announce(
    [
      `${told.title}:`,
      told.equal.join(" = "),
      ...told.remarks,
      ...told.flows.map((flow) => flow.cells.join(", ")),
    ].join(" "),
  );
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
