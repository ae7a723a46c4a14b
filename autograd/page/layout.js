// Where everything stands: a layered drawing (Sugiyama, Tagawa and Toda, IEEE Trans. SMC 11, 1981). Nodes stand in
// layers along the forward pass; in each layer they are ordered so that few edges cross, and placed as near to their
// neighbours as their sizes let them. A long edge goes through a point in each layer between, which the edges of one
// node share.

const SWEEPS = 8;
const [BETWEEN_LAYERS, BETWEEN_ROWS] = [46, 28];
const BETWEEN_NODES = 14;
const BETWEEN_EDGES = 8;
const [LONG_EDGE_WEIGHT, SOURCE_WEIGHT] = [4, 0.01];

// For boxes `{along, across}`, their sizes, and edges `{tail, head, length}`: all centres, and the points of each edge,
// which is at least so long between the last two layers that it passes. Layers are columns or, downward, rows.
function laidOut(boxes, edges, isDown) {
  const layers = layersOf(boxes.length, edges);
  const drawing = withPoints(boxes, edges, layers);
  const rows = ordered(drawing);
  const across = placedAcross(drawing, rows);
  const along = placedAlong(drawing, rows, edges, isDown);
  return {
    places: boxes.map((_, i) => ({ along: along[drawing.layer[i]].middle, across: across[i] })),
    routes: drawing.routes.map((route) => routed(route, drawing, across, along)),
  };
}

/** The layer of each box: after all that comes before it; a source stands just before the first that uses it. */
function layersOf(count, edges) {
  const [before, after] = [neighbours(count, edges, "head", "tail"), neighbours(count, edges, "tail", "head")];
  const waiting = before.map((tails) => tails.length);
  const layer = new Array(count).fill(0);
  const isDone = new Array(count).fill(false);
  let ready = waiting.flatMap((number, i) => (number ? [] : [i]));
  for (let done = 0; done < count; done += ready.length, ready = next(ready)) {
    // boxes that stand in a circle, as groups can: the first of them goes ahead
    if (!ready.length) ready = [isDone.indexOf(false)];
    for (const i of ready) isDone[i] = true;
  }
  for (let i = 0; i < count; i += 1) {
    if (!before[i].length && after[i].length) layer[i] = Math.min(...after[i].map((head) => layer[head])) - 1;
  }
  const first = Math.min(0, ...layer);
  return layer.map((number) => number - first);

  function next(placed) {
    const found = [];
    for (const i of placed) {
      for (const head of after[i]) {
        waiting[head] -= 1;
        if (isDone[head]) continue;
        layer[head] = Math.max(layer[head], layer[i] + 1);
        if (!waiting[head]) found.push(head);
      }
    }
    return found;
  }
}

function neighbours(count, edges, from, to) {
  const found = Array.from({ length: count }, () => []);
  for (const edge of edges) found[edge[from]].push(edge[to]);
  return found;
}

/** The drawing with a point for each layer that an edge passes; those of the edges from one box are shared. */
function withPoints(boxes, edges, layer) {
  const drawing = {
    layer: [...layer],
    size: boxes.map((box) => box.across),
    along: boxes.map((box) => box.along),
    links: [],
    isPoint: boxes.map(() => false),
    routes: [],
  };
  const chains = new Map();
  for (const { tail, head } of edges) {
    const chain = chains.get(tail) ?? [tail];
    chains.set(tail, chain);
    while (layer[tail] + chain.length < layer[head]) chain.push(pointAfter(drawing, chain.at(-1)));
    const length = Math.max(1, layer[head] - layer[tail]);
    const route = [...chain.slice(0, length), head];
    if (layer[head] > layer[tail]) drawing.links.push([route.at(-2), head]);
    drawing.routes.push(route);
  }
  return drawing;
}

function pointAfter(drawing, before) {
  const point = drawing.layer.length;
  drawing.layer.push(drawing.layer[before] + 1);
  drawing.size.push(0);
  drawing.along.push(0);
  drawing.isPoint.push(true);
  drawing.links.push([before, point]);
  return point;
}

/** The layers, each with its nodes in order: swept forth and back by the mean place of neighbours; the best is kept. */
function ordered(drawing) {
  const count = drawing.layer.length;
  const [before, after] = [Array.from({ length: count }, () => []), Array.from({ length: count }, () => [])];
  for (const [tail, head] of drawing.links) {
    before[head].push(tail);
    after[tail].push(head);
  }
  [drawing.before, drawing.after] = [before, after];
  let rows = firstOrder(drawing);
  let best = { rows: rows.map((row) => [...row]), crossings: crossings(rows, drawing) };
  for (let sweep = 0; sweep < SWEEPS && best.crossings; sweep += 1) {
    const isForth = sweep % 2 === 0;
    const turns = isForth ? rows.keys() : [...rows.keys()].reverse();
    for (const i of turns) rows[i] = byMean(rows[i], isForth ? before : after, positions(rows));
    const found = crossings(rows, drawing);
    if (found < best.crossings) best = { rows: rows.map((row) => [...row]), crossings: found };
  }
  return best.rows;
}

/** Depth first from the ends of the graph, operands in their order. */
function firstOrder(drawing) {
  const rows = Array.from({ length: Math.max(0, ...drawing.layer) + 1 }, () => []);
  const isSeen = new Array(drawing.layer.length).fill(false);
  const ends = drawing.layer.map((_, i) => i).filter((i) => !drawing.after[i].length);
  const waiting = ends.reverse();
  while (waiting.length) {
    const node = waiting.pop();
    if (isSeen[node]) continue;
    isSeen[node] = true;
    rows[drawing.layer[node]].push(node);
    waiting.push(...[...drawing.before[node]].reverse());
  }
  return rows;
}

function positions(rows) {
  const position = [];
  for (const row of rows) row.forEach((node, i) => (position[node] = i));
  return position;
}

function byMean(row, neighbours, position) {
  const mean = new Map(
    row.map((node) => [node, meanOf(neighbours[node].map((other) => position[other])) ?? position[node]]),
  );
  return [...row].sort((a, b) => mean.get(a) - mean.get(b) || position[a] - position[b]);
}

function meanOf(numbers) {
  return numbers.length ? numbers.reduce((sum, x) => sum + x, 0) / numbers.length : null;
}

/** How many pairs of links cross: inversions, counted by a tree of sums. */
function crossings(rows, drawing) {
  const position = positions(rows);
  let found = 0;
  for (const row of rows) {
    const sums = new Array(row.length + 1).fill(0);
    const heads = row.flatMap((node) => drawing.before[node].map((tail) => [position[tail], position[node]]));
    heads.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    heads.forEach(([, head], passed) => {
      let notAbove = 0;
      for (let i = head + 1; i > 0; i -= i & -i) notAbove += sums[i];
      found += passed - notAbove;
      for (let i = head + 1; i <= row.length; i += i & -i) sums[i] += 1;
    });
  }
  return found;
}

/** The place of each node across the drawing: near its neighbours, in order, and apart. */
function placedAcross(drawing, rows) {
  const place = new Array(drawing.layer.length).fill(0);
  for (const row of rows)
    spread(
      row,
      drawing,
      row.map(() => 0),
      place,
    );
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isForth = sweep % 2 === 0;
    for (const row of isForth ? rows : [...rows].reverse()) {
      const wished = row.map(
        (node) => meanOf(guides(drawing, node, isForth).map((other) => place[other])) ?? place[node],
      );
      spread(row, drawing, wished, place);
    }
  }
  return place;
}

/** The neighbours beside which a node is to stand: what begins in the layer before goes after it, and not before. */
function guides({ before, after }, node, isForth) {
  if (!isForth && after[node].length) return after[node];
  const computed = before[node].filter((tail) => before[tail].length);
  return computed.length ? computed : before[node];
}

/** The places nearest to those that are wished, by least squares, with room between: neighbours are pooled. */
function spread(row, drawing, wished, place) {
  const offset = [0];
  for (let i = 1; i < row.length; i += 1) offset.push(offset[i - 1] + apartBy(drawing, row[i - 1], row[i]));
  const blocks = [];
  row.forEach((node, i) => {
    const weight = weightOf(drawing, node);
    let block = { weight, sum: weight * (wished[i] - offset[i]), count: 1 };
    while (blocks.length && blocks.at(-1).sum / blocks.at(-1).weight > block.sum / block.weight) {
      const above = blocks.pop();
      block = { weight: above.weight + block.weight, sum: above.sum + block.sum, count: above.count + block.count };
    }
    blocks.push(block);
  });
  const shifts = blocks.flatMap((block) => new Array(block.count).fill(block.sum / block.weight));
  row.forEach((node, i) => (place[node] = shifts[i] + offset[i]));
}

/** How much it counts that a node stands where it is to stand: long edges are straight, and sources give way. */
function weightOf({ isPoint, before }, node) {
  if (isPoint[node]) return LONG_EDGE_WEIGHT;
  return before[node].length ? 1 : SOURCE_WEIGHT;
}

function apartBy(drawing, one, other) {
  const gap = drawing.isPoint[one] && drawing.isPoint[other] ? BETWEEN_EDGES : BETWEEN_NODES;
  return (drawing.size[one] + drawing.size[other]) / 2 + gap;
}

/** The beginning, middle and end of each layer along the drawing. */
function placedAlong(drawing, rows, edges, isDown) {
  const gaps = rows.map(() => (isDown ? BETWEEN_ROWS : BETWEEN_LAYERS));
  for (const { head, length } of edges) gaps[drawing.layer[head]] = Math.max(gaps[drawing.layer[head]], length);
  let start = 0;
  return rows.map((row, i) => {
    const size = Math.max(0, ...row.map((node) => drawing.along[node]));
    const layer = { start, middle: start + size / 2, end: start + size };
    start = layer.end + gaps[i + 1];
    return layer;
  });
}

/** The points of an edge, two in each layer: from the end of its tail, straight through layers, to its head. */
function routed(route, drawing, across, along) {
  const at = (node, where) => ({ along: where, across: across[node] });
  return route.flatMap((node, i) => {
    const layer = along[drawing.layer[node]];
    const half = drawing.along[node] / 2;
    return [
      at(node, i ? layer.start : layer.middle + half),
      at(node, i < route.length - 1 ? layer.end : layer.middle - half),
    ];
  });
}
