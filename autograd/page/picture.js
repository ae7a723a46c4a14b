// The picture: boxes and edges as SVG, what is lit in it, and how it is moved and zoomed.

const LINE = 17;
const PADDING = { x: 10, y: 8 };
const [NUMBER_WIDTH, RANGE_WIDTH] = [66, 152];
const [LEAST_ZOOM, MOST_ZOOM, LARGEST_FIT] = [0.05, 4, 1.25];
const [LEGIBLE, MARGIN] = [0.37, 16];
const [MOST_LABELLED, MOST_STRONG] = [44, 150];
const FAMILY = '"Helvetica Neue", Helvetica, Arial, "DejaVu Sans", sans-serif';
const [NAME, SIGN_FONT, NUMBER, SLOPE] = ["600 14px", "600 12px", "13px", "11px"];
const AROUND_SLOPE = 11; // of the line on each side of its number, the arrow included
const [ARROW, SLOPE_HALF] = [7, 7];
const SHIFTS = Array.from({ length: 29 }, (_, i) => (i % 2 ? i + 1 : -i) * 0.015);
const SIDES = [0, -0.3, 0.3, -0.5, 0.5]; // of its width, a number may stand beside the line that goes down
const TIGHT = 0.8;

/** What is drawn: a box for each part that stands open, and for each closed group; an edge for the uses between two. */
function boxesOf(graph, grouping, open) {
  const groupOf = (place) => (grouping && !open.has(grouping.of[place]) ? grouping.of[place] : -1);
  const boxes = [];
  const boxOf = [];
  const closed = new Map();
  graph.parts.forEach((part, place) => {
    const group = groupOf(place);
    if (group >= 0 && closed.has(group)) {
      boxOf[place] = closed.get(group);
    } else {
      if (group >= 0) closed.set(group, boxes.length);
      boxOf[place] = boxes.length;
      boxes.push({ group, parts: [] });
    }
    boxes[boxOf[place]].parts.push(place);
  });
  return { boxes, boxOf, edges: edgesBetween(graph, boxOf) };
}

function edgesBetween(graph, boxOf) {
  const edges = new Map();
  for (const node of graph.inner) {
    graph.operands(node).forEach((operand, place) => {
      const [tail, head] = [boxOf[operand], boxOf[node]];
      if (tail === head) return;
      const key = `${tail}-${head}`;
      if (!edges.has(key)) edges.set(key, { tail, head, uses: [], isPlain: graph.isPlain(operand) });
      edges.get(key).uses.push({ node, place, key: edgeKey(node, place) });
    });
  }
  return [...edges.values()];
}

class Picture {
  constructor(root, graph, events) {
    this.root = root;
    this.graph = graph;
    this.events = events;
    this.measure = document.createElement("canvas").getContext("2d");
    this.view = { x: 0, y: 0, zoom: 1 };
    this.canvas = svg("g", { class: "canvas" });
    root.append(this.canvas);
  }

  // Everything laid out, to the right or down, whichever shows more of it, and drawn anew. `told` has the texts for
  // which there has to be room.
  draw(grouping, open, told) {
    this.grouping = grouping;
    this.isTight = false;
    Object.assign(this, boxesOf(this.graph, grouping, open));
    for (const box of this.boxes) this.measured(box, told);
    for (const edge of this.edges) {
      const texts = edge.isPlain ? [] : told.edgeTexts(edge.uses);
      edge.room = Math.max(0, ...texts.map((each) => this.width(each, SLOPE)));
    }
    this.degrees = new Map();
    for (const key of this.edges.flatMap(({ tail, head }) => [`from ${tail}`, `to ${head}`]))
      this.degrees.set(key, (this.degrees.get(key) ?? 0) + 1);
    this.turns = [false, true].map((isDown) => this.layout(isDown));
    this.turn = this.bestTurn();
    this.place(this.turn);
    const { routes } = this.turn;
    const edges = svg("g", { class: "edges", "aria-hidden": "true" });
    this.edges.forEach((edge, i) =>
      edges.append(
        this.edge(
          edge,
          routes[i].map((point) => this.point(point)),
        ),
      ),
    );
    this.placeSlopes();
    const nodes = svg("g", { class: "nodes" }, ...this.boxes.map((box, i) => this.node(box, i)));
    const labels = svg("g", { class: "labels", "aria-hidden": "true" }, ...this.edges.map((edge) => edge.label));
    this.canvas.replaceChildren(edges, nodes, labels);
    this.uses = new Map(this.edges.flatMap((edge) => edge.uses.map((use) => [use.key, edge])));
  }

  layout(isDown) {
    const sizes = this.boxes.map(({ width, height }) =>
      isDown ? { along: height, across: width } : { along: width, across: height },
    );
    const length = ({ room, head }) =>
      room && (isDown ? Math.min(56, 14 * this.degrees.get(`to ${head}`)) : room + 2 * AROUND_SLOPE);
    const edges = this.edges.map((edge) => ({ ...edge, length: length(edge) }));
    const layout = { isDown, ...laidOut(sizes, edges, isDown) };
    this.place(layout);
    return { ...layout, sides: this.extent() };
  }

  place({ isDown, places, sides }) {
    this.isDown = isDown;
    this.sides = sides;
    this.boxes.forEach((box, i) => Object.assign(box, this.point(places[i])));
  }

  /** The layout that is larger with all of it in sight or, where that can't be read, of which more is in sight. */
  bestTurn() {
    const score = ({ isDown, sides }) => {
      const { width, height } = this.size();
      const zoom = Math.max(LEGIBLE, this.fitting(sides));
      const seen = (room, start, end) => Math.min(1, room / (zoom * (end - start)));
      // a graph that is read from left to right has a little start
      return zoom * seen(width, sides.left, sides.right) * seen(height, sides.top, sides.bottom) * (isDown ? 0.8 : 1);
    };
    return this.turns.reduce((best, turn) => (score(turn) > score(best) ? turn : best));
  }

  /** Measures the frame again, and says whether to draw all anew. What the user has moved stays in the middle. */
  resized() {
    const before = this.size();
    const { width, height } = this.root.getBoundingClientRect();
    this.frame = { width, height };
    if (this.refit) {
      if (this.bestTurn() !== this.turn) return true;
      this.refit();
    } else this.move(this.view.x + (width - before.width) / 2, this.view.y + (height - before.height) / 2);
    return false;
  }

  point({ along, across }) {
    return this.isDown ? { x: across, y: along } : { x: along, y: across };
  }

  // ---- boxes

  width(content, font) {
    this.measure.font = `${font} ${FAMILY}`;
    return this.measure.measureText(content).width;
  }

  /** What stands in a box. */
  lines(box, told) {
    if (box.isPlain) return told.plain(box.parts[0]);
    return box.group >= 0 ? told.group(box.parts) : told.part(box.parts[0]);
  }

  measured(box, told) {
    const part = this.graph.parts[box.parts[0]];
    const group = box.group >= 0 ? this.grouping.groups[box.group] : null;
    box.isPlain = !group && part.name === undefined;
    box.look = group ? "collapsed" : (part.role ?? "computed");
    box.symbol = group ? group.row && signOf(group.row) : part.row && signOf(part.row);
    box.title = group ? group.name : (part.name ?? "");
    box.badge = box.symbol ? this.width(box.symbol, SIGN_FONT) + 12 : 0;
    const title = this.width(box.title, NAME) + (box.badge ? box.badge + 6 : 0);
    const { value, adjoint = "" } = this.lines(box, told);
    const numbers = Math.max(this.width(value, NUMBER), this.width(adjoint, NUMBER));
    box.room = box.isPlain ? Math.max(14, numbers) : Math.max(title, numbers, group ? RANGE_WIDTH : NUMBER_WIDTH);
    box.width = 2 * PADDING.x + box.room;
    box.height = 2 * PADDING.y + (box.isPlain ? 1 : 3) * LINE - 2;
  }

  /** Writes a text that has so much room; one that is longer is set narrower. */
  write(element, content, room, font) {
    if (!say(element, content)) return;
    const width = this.width(content, font);
    if (room < width * TIGHT) this.isTight = true;
    for (const [key, value] of Object.entries({ textLength: room, lengthAdjust: "spacingAndGlyphs" })) {
      if (room < width) element.setAttribute(key, value);
      else element.removeAttribute(key);
    }
  }

  node(box, i) {
    const [left, top] = [-box.width / 2, -box.height / 2];
    const g = svg("g", {
      class: `node ${box.look}`,
      transform: `translate(${box.x} ${box.y})`,
      "data-box": i,
      role: "button",
      tabindex: "-1",
    });
    g.append(...shapes(box, left, top));
    const row = (k) => top + PADDING.y + 12 + k * LINE;
    if (box.badge) {
      g.append(
        svg("rect", { class: "badge", x: left + PADDING.x - 2, y: row(0) - 12.5, width: box.badge, height: 16, rx: 5 }),
      );
      g.append(text("symbol", left + PADDING.x - 2 + box.badge / 2, row(0) - 0.5, box.symbol, "middle"));
    }
    if (box.isPlain) {
      box.value = text("number", 0, 4.5, "", "middle");
    } else {
      g.append(text("name", left + PADDING.x + (box.badge ? box.badge + 5 : 0), row(0), box.title));
      box.value = text("number", left + PADDING.x, row(1), "");
      box.adjoint = text("adjoint", left + PADDING.x, row(2), "");
    }
    g.append(box.value, ...(box.adjoint ? [box.adjoint] : []));
    box.tooltip = svg("title");
    g.append(box.tooltip);
    box.element = g;
    return g;
  }

  // ---- edges

  edge(edge, points) {
    edge.line = svg("path", {
      d: this.curve(points),
      class: edge.isPlain ? "edge plain" : "edge",
      "stroke-width": edge.isPlain ? 1.2 : Math.min(4, 1.2 + Math.log10(edge.uses.length)),
    });
    edge.gap = points.slice(-3, -1);
    edge.label = text("slope", 0, 0, "", "middle");
    return svg("g", {}, edge.line, arrow(points.at(-1), this.isDown));
  }

  writeSlope(edge, content) {
    const [from, to] = edge.gap;
    const room = this.isDown ? Infinity : Math.max(20, to.x - from.x - 2 * AROUND_SLOPE);
    this.write(edge.label, content, room, SLOPE);
  }

  // Places what stands on edges between two layers: nearer to the end where there are fewer edges beside it, or as near
  // to that as it touches no box, no arrow and, where all are written, no other. Flat edges leave least choice.
  placeSlopes() {
    const [along, across] = this.isDown ? ["y", "x"] : ["x", "y"];
    const rise = ({ gap: [from, to] }) => Math.abs(to[across] - from[across]);
    const taken = [];
    for (const edge of [...this.edges].sort((a, b) => rise(a) - rise(b))) {
      const [from, to] = edge.gap;
      const half = { x: edge.room / 2 + 3.9, y: SLOPE_HALF };
      const [before, after] = [this.degrees.get(`to ${edge.head}`), this.degrees.get(`from ${edge.tail}`)];
      const best = 0.5 + 0.14 * Math.sign(after - before);
      const places = (this.isDown ? SIDES : [0]).flatMap((side) =>
        SHIFTS.map((shift) => onCurve(from, to, best + shift, this.isDown))
          .filter((on) => on[along] - half[along] > from[along] && on[along] + half[along] < to[along] - ARROW)
          .map((on) => ({ x: on.x + side * edge.room, y: on.y })),
      );
      const isFree = (place) =>
        taken.every((other) => ["x", "y"].some((d) => Math.abs(place[d] - other[d]) >= half[d] + other.half[d]));
      const { x, y } = places.find(isFree) ?? places[0] ?? onCurve(from, to, 0.5, this.isDown);
      if (edge.room && this.edges.length <= MOST_LABELLED) taken.push({ x, y, half });
      edge.label.setAttribute("x", x);
      edge.label.setAttribute("y", y + 3.5);
    }
  }

  curve(points) {
    const [along, across] = this.isDown ? ["y", "x"] : ["x", "y"];
    const pieces = points.map((point, i) => {
      if (i % 2 || !i) return `${i ? "L" : "M"}${at(point)}`;
      const before = points[i - 1];
      const middle = (before[along] + point[along]) / 2;
      const bend = (end) => at(this.point({ along: middle, across: end[across] }));
      return `C${bend(before)} ${bend(point)} ${at(point)}`;
    });
    return pieces.join("");
  }

  // ---- what is told in it

  /** Numbers, and what is lit. `told` has what the picture shows: see `shownIn` of the explorer. */
  show(told) {
    const few = this.edges.length <= MOST_LABELLED;
    this.boxes.forEach((box) => this.showBox(box, told));
    for (const edge of this.edges) {
      const isLit = edge.uses.some((use) => told.litEdges.has(use.key));
      edge.line.parentNode.classList.toggle("lit", isLit);
      edge.label.classList.toggle("lit", isLit);
      edge.line.parentNode.classList.toggle("back", isLit && told.isBackward);
      this.writeSlope(edge, edge.isPlain || !(few || isLit) ? "" : told.edgeText(edge.uses));
    }
    this.root.classList.toggle("many", this.edges.length > MOST_STRONG);
    this.root.classList.toggle("path", told.isPath);
    this.root.classList.toggle("stale", told.isStale);
  }

  showBox(box, told) {
    const lines = this.lines(box, told);
    this.write(box.value, lines.value, box.room, NUMBER);
    if (box.adjoint) this.write(box.adjoint, lines.adjoint, box.room, NUMBER);
    say(box.tooltip, lines.tooltip);
    box.element.setAttribute("aria-label", lines.spoken);
    const classes = box.element.classList;
    classes.toggle("pending", lines.isPending);
    classes.toggle(
      "lit",
      box.parts.some((part) => told.litParts.has(part)),
    );
    classes.toggle("active", box.parts.includes(told.active));
    const isSelected = box.parts.includes(told.selected) && box.group < 0;
    classes.toggle("selected", isSelected);
    if (box.group >= 0) box.element.setAttribute("aria-expanded", "false");
    else if (!box.isPlain) box.element.setAttribute("aria-pressed", String(isSelected));
    classes.toggle("root", box.parts.includes(this.graph.root));
    classes.toggle("leafy", box.group < 0 && !box.isPlain && !this.graph.isInner(box.parts[0]));
    box.element.setAttribute("tabindex", box.parts.includes(told.reachable) ? "0" : "-1");
  }

  /** Puts the focus on a box; after the last comes the first. */
  focus(i) {
    this.boxes.at(i % this.boxes.length).element.focus();
  }

  // ---- moving

  /** The size of the frame. It is not measured each time: the whole page would be laid out for it. */
  size() {
    this.frame ??= this.root.getBoundingClientRect();
    return this.frame;
  }

  extent() {
    const ends = (sign, place, size) => this.boxes.map((box) => box[place] + (sign * box[size]) / 2);
    return {
      left: Math.min(...ends(-1, "x", "width")),
      top: Math.min(...ends(-1, "y", "height")),
      right: Math.max(...ends(1, "x", "width")),
      bottom: Math.max(...ends(1, "y", "height")),
    };
  }

  /** The zoom at which all of it is in sight. */
  fitting({ left, top, right, bottom } = this.sides) {
    const { width, height } = this.size();
    const zoom = Math.min(LARGEST_FIT, (width - 2 * MARGIN) / (right - left), (height - 64) / (bottom - top));
    return Math.max(LEAST_ZOOM, zoom);
  }

  /** All of it in sight or, where that would be too small to be read, what stands around one part. */
  open() {
    this.fit();
    this.refit = this.open;
    if (this.view.zoom >= LEGIBLE) return;
    const [box, { width, height }, sides] = [this.boxes[this.boxOf[this.events.middle()]], this.size(), this.sides];
    this.move(
      filling(width, sides.left, sides.right, box.x),
      filling(height - 24, sides.top, sides.bottom, box.y),
      LEGIBLE,
    );
  }

  /** All of it in sight. */
  fit() {
    this.refit = this.fit;
    const [{ left, top, right, bottom }, { width, height }] = [this.sides, this.size()];
    const kept = this.fitting();
    this.move(width / 2 - (kept * (left + right)) / 2, (height - 24) / 2 - (kept * (top + bottom)) / 2, kept);
  }

  move(x, y, zoom = this.view.zoom) {
    this.view = { x, y, zoom };
    this.canvas.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${zoom.toFixed(4)})`);
    this.root.classList.toggle("far", zoom < 0.35);
    this.root.classList.toggle("off", zoom < 0.45);
    const [{ left, top, right, bottom }, { width, height }] = [this.sides, this.size()];
    const { dataset } = this.root.parentNode;
    const sides = { left: x + zoom * left < 0, top: y + zoom * top < 0 };
    Object.assign(sides, { right: x + zoom * right > width, bottom: y + zoom * bottom > height });
    dataset.cut = Object.keys(sides).filter((side) => sides[side]).join(" ");
    find("cut").hidden = !dataset.cut;
  }

  /** Moves it as the user does: then it stays so. */
  moveBy(dx, dy) {
    this.refit = null;
    this.move(this.view.x + dx, this.view.y + dy);
  }

  /** Larger or smaller, while the point under the pointer, or the middle, stays where it is. */
  zoomBy(factor, at = null) {
    this.refit = null;
    const { width, height } = this.size();
    const fixed = at ?? { x: width / 2, y: height / 2 };
    const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, this.view.zoom * factor));
    const ratio = zoom / this.view.zoom;
    this.move(fixed.x - (fixed.x - this.view.x) * ratio, fixed.y - (fixed.y - this.view.y) * ratio, zoom);
  }

  /** Moves as far as it takes for a part to be in sight. */
  reveal(part) {
    const box = this.boxes[this.boxOf[part]];
    const { x, y, zoom } = this.view;
    const { width, height } = this.size();
    const [left, top] = [box.x * zoom + x - (box.width * zoom) / 2, box.y * zoom + y - (box.height * zoom) / 2];
    const shift = (start, size, room) =>
      start < MARGIN ? MARGIN - start : Math.min(0, room - MARGIN - start - size);
    const [dx, dy] = [shift(left, box.width * zoom, width), shift(top, box.height * zoom, height)];
    if (dx || dy) this.move(x + dx, y + dy);
  }
}

/** Where a picture of that extent begins, in so much room, for a point to be near the middle and no room lost. */
function filling(room, start, end, middle) {
  const [first, last] = [MARGIN - start * LEGIBLE, room - MARGIN - end * LEGIBLE];
  if (first <= last) return (first + last) / 2;
  return Math.min(first, Math.max(last, room / 2 - middle * LEGIBLE));
}

/** A point of the curve between two points, as `curve` draws it. */
function onCurve(from, to, t, isDown) {
  const forth = (a, b) => a + (b - a) * (1.5 * t * (1 - t) + t ** 3);
  const turned = (a, b) => a + (b - a) * (3 * t ** 2 - 2 * t ** 3);
  return { x: (isDown ? turned : forth)(from.x, to.x), y: (isDown ? forth : turned)(from.y, to.y) };
}
