// How the explorer begins, and what each key and button does.

const ZOOM_STEP = 1.25;

const KEYS = {
  ArrowRight: () => go(explorer.position + 1),
  ArrowLeft: () => go(explorer.position - 1),
  Home: () => go(0),
  End: () => go(steps),
  "+": () => picture.zoomBy(ZOOM_STEP),
  "-": () => picture.zoomBy(1 / ZOOM_STEP),
  0: () => picture.fit(),
  Escape: () => choose(null),
};

const KEYS_ON_NODES = {
  ArrowDown: (i) => picture.focus(i + 1),
  ArrowUp: (i) => picture.focus(i - 1),
  Enter: (i) => chooseBox(picture.boxes[i]),
  " ": (i) => chooseBox(picture.boxes[i]),
};

function keyPressed(event) {
  const isTyped = event.target.matches("input, select, textarea, summary");
  if (isTyped || event.ctrlKey || event.metaKey || event.altKey) return;
  const node = event.target.closest(".node");
  const act = (node && KEYS_ON_NODES[event.key]) ?? KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  pause();
  act(Number(node?.dataset.box));
}

function turnTheme() {
  const { dataset } = document.documentElement;
  const liked = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  dataset.theme = (dataset.theme ?? liked) === "dark" ? "light" : "dark";
}

/** Chooses nothing; the focus goes back to the node, as the button is gone. */
function leaveNode() {
  const box = picture.boxOf[explorer.selected];
  choose(null);
  picture.focus(box);
}

const CLICKS = {
  first: () => stepTo(0),
  back: () => stepTo(explorer.position - 1),
  next: () => stepTo(explorer.position + 1),
  last: () => stepTo(steps),
  play,
  "zoom-in": () => picture.zoomBy(ZOOM_STEP),
  "zoom-out": () => picture.zoomBy(1 / ZOOM_STEP),
  fit: () => picture.fit(),
  theme: turnTheme,
  descend: () => descend(1),
  "descend-ten": () => descend(10),
  reset,
  "close-node": leaveNode,
};

const INPUTS = {
  slider: (value) => stepTo(Number(value)),
  rate: (value) => changeRate(Number((10 ** Number(value)).toPrecision(3))),
  digits: (value) => changeDigits(Number(value)),
  grouping: (value) => changeGrouping(contents.groupings[value] ?? null),
};

function listen() {
  for (const [id, act] of Object.entries(CLICKS)) find(id).addEventListener("click", () => act());
  for (const [id, act] of Object.entries(INPUTS))
    find(id).addEventListener("input", (event) => act(event.target.value));
  find("all-values").addEventListener("toggle", show);
  document.addEventListener("keydown", keyPressed);
  new Pointers(picture);
  new ResizeObserver(() => picture.resized() && redraw()).observe(find("picture"));
}

/** What can be chosen of digits and groups. */
function offer() {
  const option = (value, text, isChosen) => html("option", { value, selected: isChosen && "" }, text);
  const digits = [...new Set([contents.precision, 4, 8, FULL])].sort((a, b) => a - b);
  const named = (number) => (number === FULL ? "all" : String(number));
  find("digits").append(...digits.map((number) => option(number, named(number), number === contents.precision)));
  const levels = contents.groupings.map(({ level }, i) => option(i, level, explorer.grouping !== null && i === 0));
  find("grouping").append(option("none", "none", explorer.grouping === null), ...levels);
  find("grouping").closest("label").hidden = !levels.length;
  find("slider").max = steps;
}

explorer.state = computed(graph, explorer.numbers); // where that throws, the table of the last values stays
document.documentElement.classList.add("scripted");
find("static").remove();
const rows = leafRows(graph, change);
const picture = new Picture(find("picture"), graph, { choose: chooseBox, scrub, middle });
offer();
listen();
redraw();
