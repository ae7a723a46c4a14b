// The graph and its numbers: values from the leaves up, adjoints from the root down, from the formulas of the table.

/** What is outside of a domain; `told` says it in words that name the node, with numbers in so many digits. */
class DomainError extends Error {
  constructor(told) {
    super(told(FULL));
    this.told = told;
  }
}

const toNumber = (data) => (typeof data === "number" ? data : { inf: Infinity, "-inf": -Infinity, nan: NaN }[data]);

class Graph {
  constructor(contents) {
    this.parts = contents.parts;
    this.root = contents.root;
    this.isPlain = (place) => this.parts[place].name === undefined;
    this.isInner = (place) => this.parts[place].operands !== undefined;
    const places = this.parts.map((_, place) => place);
    this.inner = places.filter(this.isInner);
    this.backward = [...this.inner].reverse();
    this.leaves = contents.leaves;
    this.uses = usesOf(this);
    this.recorded = Float64Array.from(this.parts, (part) => (part.operands ? 0 : toNumber(part.data)));
  }

  row(place) {
    return TABLE[this.parts[place].row];
  }

  operands(place) {
    return this.parts[place].operands ?? [];
  }

  /** The length of a node's vectors; 1 where its operands are numbers. */
  length(place) {
    const { vectors } = this.row(place);
    return vectors ? this.operands(place).length / vectors : 1;
  }

  /** The operands of a node as its formulas take them: numbers, or vectors of numbers. */
  vectors(place) {
    const [operands, length] = [this.operands(place), this.length(place)];
    if (!this.row(place).vectors) return operands;
    return Array.from({ length: this.row(place).vectors }, (_, k) => operands.slice(k * length, (k + 1) * length));
  }

  /** Where its Values are among its operands, in the order of its local derivatives: vectors element by element. */
  places(node) {
    const [operands, length] = [this.operands(node), this.length(node)];
    const all = [];
    for (let element = 0; element < length; element += 1) {
      for (let place = element; place < operands.length; place += length) all.push(place);
    }
    return all.filter((place) => !this.isPlain(operands[place]));
  }
}

/** For each part the steps of the backward pass in which it is used. */
function usesOf(graph) {
  const uses = graph.parts.map(() => []);
  graph.backward.forEach((node, index) => {
    for (const place of graph.places(node)) uses[graph.operands(node)[place]].push(index);
  });
  return uses;
}

/** The value of every part, from these numbers of leaves. Throws DomainError. */
function evaluated(graph, numbers) {
  const values = Float64Array.from(numbers);
  const read = (place) => values[place];
  for (const node of graph.inner) {
    const row = graph.row(node);
    const operands = graph.vectors(node).map((x) => (row.vectors ? x.map(read) : read(x)));
    if (!graph.parts[node].unchecked) requireDomain(graph, node, operands);
    values[node] = row.value(floats, ...operands);
  }
  return values;
}

function requireDomain(graph, node, numbers) {
  const row = graph.row(node);
  const broken = row.domain.find((requirement) => requirement.violated(floats, ...numbers));
  if (!broken) return;
  const got = (digits) => (place, i) => {
    const part = graph.parts[place];
    const text = pythonNumber(numbers[i], digits) + (part.name === undefined ? "" : ` (${part.name})`);
    return row.operands.length > 1 ? `${row.operands[i]} = ${text}` : text;
  };
  const head = `${graph.parts[node].name}: ${row.name} needs ${broken.needs}; got `;
  throw new DomainError((digits) => head + graph.operands(node).map(got(digits)).join(", "));
}

/** For each use of a Value by a node: the place, the partial, and whether it is constantly 0 and adds nothing. */
function localPartials(graph, node, values) {
  const [row, operands, length] = [graph.row(node), graph.operands(node), graph.length(node)];
  const partials = new Array(operands.length);
  let taken = 0;
  for (let element = 0; element < length; element += 1) {
    const numbers = row.operands.map((_, k) => values[operands[row.vectors ? k * length + element : k]]);
    row.partials.forEach((formula, k) => {
      const partial = formula === null ? 0 : formula(floats, ...numbers, values[node]);
      partials[row.vectors ? k * length + element : k] = row.selects ? partial * (1 - taken) : partial;
    });
    if (row.selects) taken += partials[element];
  }
  return graph.places(node).map((place) => ({
    place,
    partial: partials[place],
    isZero: row.partials[Math.floor(place / length)] === null,
  }));
}

/** The backward pass after so many of its steps: running sums, whether they were added to, and the last flows. */
function passedBack(graph, values, steps) {
  const sums = new Float64Array(graph.parts.length);
  const isReached = new Array(graph.parts.length).fill(false);
  [sums[graph.root], isReached[graph.root]] = [1, true];
  let flows = [];
  graph.backward.slice(0, steps).forEach((node) => {
    flows = isReached[node] ? flowsOf(graph, node, values, sums, isReached) : [];
  });
  return { sums, isReached, flows };
}

/** What a node passes on, use by use, added to the running sums. */
function flowsOf(graph, node, values, sums, isReached) {
  const adjoint = sums[node];
  return localPartials(graph, node, values).map(({ place, partial, isZero }) => {
    const operand = graph.operands(node)[place];
    const before = sums[operand];
    const product = isZero ? 0 : adjoint * partial;
    if (!isZero) {
      sums[operand] = before + product;
      isReached[operand] = true;
    }
    return { node, operand, place, partial, adjoint, product, before, after: sums[operand], adds: !isZero };
  });
}

/** All that is known of the graph at these numbers of leaves. */
function computed(graph, numbers) {
  const values = evaluated(graph, numbers);
  const { sums, isReached } = passedBack(graph, values, graph.inner.length);
  return { numbers: Float64Array.from(numbers), values, adjoints: sums, isReached };
}

/** The leaves after a step of gradient descent. */
function descended(graph, state, moving, rate) {
  const numbers = Float64Array.from(state.numbers);
  for (const leaf of moving) numbers[leaf] -= rate * state.adjoints[leaf];
  return numbers;
}

/** The leaves that gradient descent moves: the parameters or, where there are none, all. */
function movingLeaves(graph) {
  const parameters = graph.leaves.filter((leaf) => graph.parts[leaf].role === "parameter");
  return parameters.length ? parameters : graph.leaves;
}
