// The paths along which a value depends on another: `autograd.explanation.paths` again.

const MOST_COUNTED = 1e15;

class Paths {
  constructor(graph, state, x) {
    this.graph = graph;
    this.x = x;
    this.edges = new Map();
    const reached = new Set([x]);
    for (const node of graph.inner) {
      if (node !== x && graph.operands(node).some((operand) => reached.has(operand))) {
        reached.add(node);
        this.edges.set(node, edgesOf(graph, state, node, reached));
      }
    }
    this.exists = reached.has(graph.root);
    this.sizes = new Map([[x, 0]]);
    for (const [node, edges] of this.edges)
      this.sizes.set(node, Math.max(...edges.map((edge) => this.sizeBelow(edge))));
    [this.count, this.magnitude] = this.counted();
  }

  /** The first paths in the order of their size |contribution|, each as its edges; those that carry NaN come first. */
  largest(most) {
    const found = [];
    const waiting = new Heap();
    let pushed = 0;
    if (this.exists) waiting.push({ order: [0, 0, 0], node: this.graph.root, trail: null });
    while (waiting.items.length && found.length < most) {
      const { order, node, trail } = waiting.pop();
      if (node === this.x) {
        found.push(unwound(trail));
        continue;
      }
      for (const edge of this.edges.get(node)) {
        pushed += 1;
        waiting.push({
          order: [order[0] + this.loss(node, edge), order[1] - 1, pushed],
          node: edge.operand,
          trail: { edge, trail },
        });
      }
    }
    return found;
  }

  /** By how much, as a logarithm, the best path below the edge is smaller than the best below the node. */
  loss(node, edge) {
    const [best, here] = [this.sizes.get(node), this.sizeBelow(edge)];
    return here === best ? 0 : best - here;
  }

  /** The logarithm of the largest product that begins with this edge; NaN counts as infinite. */
  sizeBelow(edge) {
    const below = sizeOf(edge.partial) + this.sizes.get(edge.operand);
    return Number.isNaN(below) ? Infinity : below;
  }

  /** How many paths there are, null for more than can be counted, and the decimal logarithm of their number. */
  counted() {
    const counts = new Map([[this.x, 1]]);
    const logarithms = new Map([[this.x, 0]]);
    for (const [node, edges] of this.edges) {
      const largest = Math.max(...edges.map((edge) => logarithms.get(edge.operand)));
      const ratio = edges.reduce((sum, edge) => sum + 10 ** (logarithms.get(edge.operand) - largest), 0);
      counts.set(
        node,
        Math.min(
          MOST_COUNTED,
          edges.reduce((sum, edge) => sum + counts.get(edge.operand), 0),
        ),
      );
      logarithms.set(node, largest + Math.log10(ratio));
    }
    const count = counts.get(this.graph.root) ?? 0;
    return [count < MOST_COUNTED ? count : null, logarithms.get(this.graph.root)];
  }
}

function edgesOf(graph, state, node, reached) {
  return localPartials(graph, node, state.values)
    .map((use) => ({ ...use, node, operand: graph.operands(node)[use.place] }))
    .filter((edge) => reached.has(edge.operand));
}

/** log |partial|, with which products are sums; NaN counts as infinite. */
function sizeOf(partial) {
  if (partial === 0) return -Infinity;
  return Number.isFinite(partial) ? Math.log(Math.abs(partial)) : Infinity;
}

/** The product of the partials: what a path adds to dy/dx. What is constantly 0 stops an infinite one. */
function contribution(edges) {
  return edges.some((edge) => edge.isZero) ? 0 : edges.reduce((whole, edge) => whole * edge.partial, 1);
}

function unwound(trail) {
  const edges = [];
  for (let rest = trail; rest; rest = rest.trail) edges.push(rest.edge);
  return edges.reverse();
}

/** A heap of what is ordered by lists of numbers, the smallest first. */
class Heap {
  constructor() {
    this.items = [];
  }

  push(item) {
    this.items.push(item);
    let place = this.items.length - 1;
    while (place && isBefore(item, this.items[(place - 1) >> 1])) {
      this.swap(place, (place - 1) >> 1);
      place = (place - 1) >> 1;
    }
  }

  pop() {
    const first = this.items[0];
    const last = this.items.pop();
    if (this.items.length) {
      this.items[0] = last;
      this.sink(0);
    }
    return first;
  }

  sink(place) {
    for (;;) {
      const children = [2 * place + 1, 2 * place + 2].filter((child) => child < this.items.length);
      const smallest = children.reduce(
        (best, child) => (isBefore(this.items[child], this.items[best]) ? child : best),
        place,
      );
      if (smallest === place) return;
      this.swap(place, smallest);
      place = smallest;
    }
  }

  swap(i, j) {
    [this.items[i], this.items[j]] = [this.items[j], this.items[i]];
  }
}

function isBefore(a, b) {
  const place = a.order.findIndex((number, i) => number !== b.order[i]);
  return place >= 0 && a.order[place] < b.order[place];
}
