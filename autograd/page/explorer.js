// The explorer: what is known and what is chosen, and all that changes it.

const contents = JSON.parse(find("graph").textContent);
const graph = new Graph(contents);
const steps = 2 * graph.inner.length;
const moving = movingLeaves(graph);

const explorer = {
  numbers: Float64Array.from(graph.recorded), // of leaves and constants, as they are asked for
  state: null, // all that follows from the last numbers that were inside of every domain
  refusal: null, // what is refused, told with numbers in so many digits
  typed: null, // the leaf in whose field stands what is no number
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
  explain();
  show();
  if (part !== null) {
    picture.reveal(part);
    announce(`${graph.parts[part].name} is chosen`);
  }
}

function explain() {
  const { selected, state, digits } = explorer;
  explorer.pressed = null; // its edges are those of the explanation before
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
  picture.reveal(first);
  if (isFocused) picture.focus(picture.boxOf[first]);
  announce(explorer.open.has(group) ? `${explorer.grouping.groups[group].name} is open` : "the group is closed");
}

function changeGrouping(grouping) {
  explorer.grouping = grouping;
  explorer.open.clear();
  redraw();
}

function changeDigits(digits) {
  explorer.digits = digits;
  explain();
  redraw(picture.refit);
}

/** Draws the picture anew, and brings it in sight; null leaves it where it is. */
function redraw(refit = picture.open) {
  picture.draw(explorer.grouping, explorer.open, drawnIn());
  show();
  refit?.call(picture);
}

/** What is to be in sight, where not all can be. */
function middle() {
  return explorer.selected ?? toldNow().node ?? graph.root;
}

// ---- the numbers

/** A leaf gets a number; null is what is no number. */
function change(leaf, number, field) {
  if (number === null) {
    field.setAttribute("aria-invalid", "true");
    const typed = field.value.slice(0, 40) || "nothing";
    [explorer.typed, explorer.text] = [leaf, field.value];
    return refuse(() => `${typed} is no number`);
  }
  const numbers = Float64Array.from(explorer.numbers);
  numbers[leaf] = number;
  explorer.numbers = numbers;
  explorer.losses = []; // what falls by hand is no step: the curve begins anew
  attempt(numbers);
}

/** Computes everything anew; where that leaves a domain, what was known stays in sight, and is said to be stale. */
function attempt(numbers) {
  explorer.typed = null;
  try {
    explorer.state = computed(graph, numbers);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return refuse(error.told);
  }
  explorer.refusal = null;
  explain();
  show();
  if (picture.isTight) redraw(picture.refit);
  announce(find("title").textContent);
}

function refuse(told) {
  explorer.refusal = told;
  show();
  announce("");
}

/** Drags the number of a leaf: by a twentieth of its first power of ten for each pixel. */
function scrub(leaf, pixels) {
  const size = Math.abs(graph.recorded[leaf]);
  const unit = size && Number.isFinite(size) ? 10 ** Math.floor(Math.log10(size)) : 1;
  change(leaf, Number((explorer.numbers[leaf] + pixels * unit * 0.05).toPrecision(12)), null);
}

// ---- gradient descent

function changeRate(rate) {
  explorer.rate = rate;
  showDescent();
}

/** So many steps, or as many as can be taken; why the others can't is then said. */
function descend(times) {
  if (!explorer.losses.length) explorer.losses = [explorer.state.values[graph.root]];
  let reason = "";
  const taken = explorer.losses.length;
  for (let i = 0; i < times && !reason; i += 1) reason = descendOnce();
  if (reason && explorer.losses.length > taken) reason = reason.replace("No step", `After ${counted(explorer.losses.length - taken)} no further step`);
  explain();
  show();
  if (picture.isTight) redraw(picture.refit);
  if (reason) find("descent-told").textContent = reason;
  announce(find("descent-told").textContent);
}

/** Takes a step; gives why none can be taken, or nothing. */
function descendOnce() {
  const { state, rate } = explorer;
  const infinite = moving.find((leaf) => !Number.isFinite(state.adjoints[leaf]));
  if (infinite !== undefined) {
    return `No step is taken: the gradient of ${graph.parts[infinite].name} is ${short(state.adjoints[infinite], 4)}.`;
  }
  const numbers = descended(graph, state, moving, rate);
  try {
    explorer.state = computed(graph, numbers);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return `No step is taken: ${error.told(explorer.digits)}.`;
  }
  explorer.numbers = numbers;
  explorer.losses.push(explorer.state.values[graph.root]);
  return "";
}

function reset() {
  explorer.losses = [];
  explorer.numbers = Float64Array.from(graph.recorded);
  attempt(explorer.numbers);
  for (const row of rows.values()) centre(row, graph.recorded[row.leaf]);
  announce("all leaves have their first numbers again");
}

// ---- stepping

/** Goes to a step; what plays by itself stops. */
function stepTo(position) {
  pause();
  go(position);
}

function go(position) {
  explorer.position = Math.min(steps, Math.max(0, position));
  Object.assign(explorer, { isBegun: true, selected: null, pressed: null, explanation: null });
  show();
  const told = toldNow();
  if (told.node !== null) picture.reveal(told.node);
  const flows = told.flows.map((flow) => flow.cells.join(", "));
  announce([`${told.title}:`, told.equal.join(" = "), ...told.remarks, ...flows].join(" "));
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
