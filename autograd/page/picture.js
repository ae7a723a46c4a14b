// The picture: boxes and edges as SVG, what is lit in it, and how it is moved and zoomed.

const LINE = 17;
const PADDING = { x: 10, y: 8 };
const [NUMBER_WIDTH, RANGE_WIDTH] = [66, 152];
const [LEAST_ZOOM, MOST_ZOOM, LARGEST_FIT] = [0.05, 4, 1.25];
const LEGIBLE = 0.5;
const [MOST_LABELLED, MOST_STRONG] = [44, 150];
const FONT = '13px "Helvetica Neue", Helvetica, Arial, "DejaVu Sans", sans-serif';

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

  /** Everything laid out, to the right or down, whichever shows more of it, and drawn anew. */
  draw(grouping, open) {
    this.grouping = grouping;
    Object.assign(this, boxesOf(this.graph, grouping, open));
    for (const box of this.boxes) this.measured(box);
    const turns = [false, true].map((isDown) => this.layout(isDown)).sort((a, b) => b.zoom - a.zoom);
    this.place(turns[0]);
    const { routes } = turns[0];
    this.degrees = new Map();
    for (const key of this.edges.flatMap(({ tail, head }) => [`from ${tail}`, `to ${head}`]))
      this.degrees.set(key, (this.degrees.get(key) ?? 0) + 1);
    const edges = svg("g", { class: "edges", "aria-hidden": "true" });
    this.edges.forEach((edge, i) =>
      edges.append(
        this.edge(
          edge,
          routes[i].map((point) => this.point(point)),
        ),
      ),
    );
    const nodes = svg("g", { class: "nodes" }, ...this.boxes.map((box, i) => this.node(box, i)));
    const labels = svg("g", { class: "labels", "aria-hidden": "true" }, ...this.edges.map((edge) => edge.label));
    this.canvas.replaceChildren(edges, nodes, labels);
    this.uses = new Map(this.edges.flatMap((edge) => edge.uses.map((use) => [use.key, edge])));
  }

  layout(isDown) {
    const sizes = this.boxes.map(({ width, height }) =>
      isDown ? { along: height, across: width } : { along: width, across: height },
    );
    const layout = { isDown, ...laidOut(sizes, this.edges) };
    this.place(layout);
    // a graph that is read from left to right has a little start
    return { ...layout, zoom: this.fitting() * (isDown ? 0.9 : 1) };
  }

  place({ isDown, places }) {
    this.isDown = isDown;
    this.boxes.forEach((box, i) => Object.assign(box, this.point(places[i])));
  }

  /** Measures the frame, and says whether it has turned since it was measured before, from wide to high or back. */
  isTurned() {
    const before = this.size();
    const { width, height } = this.root.getBoundingClientRect();
    this.frame = { width, height };
    return before.width > before.height !== width > height;
  }

  point({ along, across }) {
    return this.isDown ? { x: across, y: along } : { x: along, y: across };
  }

  // ---- boxes

  measured(box) {
    this.measure.font = FONT;
    const part = this.graph.parts[box.parts[0]];
    const group = box.group >= 0 ? this.grouping.groups[box.group] : null;
    box.isPlain = !group && part.name === undefined;
    box.look = group ? "collapsed" : (part.role ?? "computed");
    box.symbol = group ? group.row && signOf(group.row) : part.row && signOf(part.row);
    box.title = group ? group.name : (part.name ?? "");
    box.badge = box.symbol ? this.measure.measureText(box.symbol).width + 12 : 0;
    const title = this.measure.measureText(box.title).width * 1.08 + (box.badge ? box.badge + 6 : 0);
    const rows = box.isPlain ? 1 : 3;
    box.width = 2 * PADDING.x + Math.max(title, group ? RANGE_WIDTH : NUMBER_WIDTH);
    box.height = 2 * PADDING.y + rows * LINE - 2;
    if (box.isPlain) box.width = Math.max(34, 18 + this.measure.measureText(short(toNumber(part.data), 4)).width);
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
    const [from, to] = points.slice(-2);
    const middle = onCurve(from, to, this.share(edge), this.isDown);
    edge.label = text("slope", middle.x, middle.y + 3.5, "", "middle");
    return svg("g", {}, edge.line, arrow(to, this.isDown));
  }

  /** How far along an edge its text stands: nearer to the end where there are fewer edges beside it. */
  share({ tail, head }) {
    const [before, after] = [this.degrees.get(`to ${head}`), this.degrees.get(`from ${tail}`)];
    return before > after ? 0.36 : before < after ? 0.64 : 0.5;
  }

  curve(points) {
    const [first, ...others] = points;
    let [path, before] = [`M${at(first)}`, first];
    others.forEach((point, i) => {
      const isStraight = i % 2 === 1;
      const middle = this.isDown ? (before.y + point.y) / 2 : (before.x + point.x) / 2;
      const [one, two] = this.isDown
        ? [
            { x: before.x, y: middle },
            { x: point.x, y: middle },
          ]
        : [
            { x: middle, y: before.y },
            { x: middle, y: point.y },
          ];
      path += isStraight ? `L${at(point)}` : `C${at(one)} ${at(two)} ${at(point)}`;
      before = point;
    });
    return path;
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
      say(edge.label, edge.isPlain || !(few || isLit) ? "" : told.edgeText(edge.uses));
    }
    this.root.classList.toggle("many", this.edges.length > MOST_STRONG);
    this.root.classList.toggle("path", told.isPath);
    this.root.classList.toggle("stale", told.isStale);
  }

  showBox(box, told) {
    const lines = box.isPlain
      ? told.plain(box.parts[0])
      : box.group >= 0
        ? told.group(box.parts)
        : told.part(box.parts[0]);
    say(box.value, lines.value);
    if (box.adjoint) say(box.adjoint, lines.adjoint);
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
    const sides = this.boxes.map((box) => [
      box.x - box.width / 2,
      box.y - box.height / 2,
      box.x + box.width / 2,
      box.y + box.height / 2,
    ]);
    const least = (k) => sides.reduce((best, side) => Math.min(best, side[k]), Infinity);
    const most = (k) => sides.reduce((best, side) => Math.max(best, side[k]), -Infinity);
    return { left: least(0), top: least(1), right: most(2), bottom: most(3) };
  }

  /** The zoom at which all of it is in sight. */
  fitting() {
    const [{ left, top, right, bottom }, { width, height }] = [this.extent(), this.size()];
    const zoom = Math.min(LARGEST_FIT, (width - 48) / (right - left), (height - 64) / (bottom - top));
    return Math.max(LEAST_ZOOM, zoom);
  }

  /** All of it in sight or, where that would be too small to be read, what stands around one part. */
  open(part) {
    this.fit();
    if (this.view.zoom >= LEGIBLE) return;
    const [box, { width, height }, sides] = [this.boxes[this.boxOf[part]], this.size(), this.extent()];
    this.move(
      filling(width, sides.left, sides.right, box.x),
      filling(height - 24, sides.top, sides.bottom, box.y),
      LEGIBLE,
    );
  }

  /** All of it in sight. */
  fit() {
    const [{ left, top, right, bottom }, { width, height }] = [this.extent(), this.size()];
    const kept = this.fitting();
    this.move(width / 2 - (kept * (left + right)) / 2, (height - 24) / 2 - (kept * (top + bottom)) / 2, kept);
  }

  move(x, y, zoom = this.view.zoom) {
    this.view = { x, y, zoom };
    this.canvas.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${zoom.toFixed(4)})`);
    this.root.classList.toggle("far", zoom < 0.35);
  }

  /** Larger or smaller, while the point under the pointer, or the middle, stays where it is. */
  zoomBy(factor, at = null) {
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
      start < 24 ? 24 - start : start + size > room - 24 ? room - 24 - start - size : 0;
    const [dx, dy] = [shift(left, box.width * zoom, width), shift(top, box.height * zoom, height)];
    if (dx || dy) this.move(x + dx, y + dy);
  }
}

/** Where a picture of that extent begins, in so much room, for a point to be near the middle and no room lost. */
function filling(room, start, end, middle) {
  const [first, last] = [24 - start * LEGIBLE, room - 24 - end * LEGIBLE];
  if (first <= last) return (first + last) / 2;
  return Math.min(first, Math.max(last, room / 2 - middle * LEGIBLE));
}

/** A point of the curve between two points, as `curve` draws it. */
function onCurve(from, to, t, isDown) {
  const forth = (a, b) => a + (b - a) * (1.5 * t * (1 - t) + t ** 3);
  const turned = (a, b) => a + (b - a) * (3 * t ** 2 - 2 * t ** 3);
  return { x: (isDown ? turned : forth)(from.x, to.x), y: (isDown ? forth : turned)(from.y, to.y) };
}
