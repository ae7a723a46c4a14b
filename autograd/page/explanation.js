// Why a derivative has its value: `autograd.explanation` again, with its words.

const MOST_PATHS = 8;
const MOST_WIDE = 80;
const CANCELLED = 1e-3;
const MOST_TOLD = 8;
const [FIRST_EDGES, LAST_EDGES] = [24, 12];
const FEWER = [
  [5, 2],
  [3, 1],
  [1, 1],
];
const [MOST_INLINE, MOST_MERGED] = [4, 3];

/** What is told of d root / d x: its lines, each with the paths that it tells, and all paths that are listed. */
function explained(graph, state, x, digits) {
  const teller = new Teller(graph, state, digits);
  const y = graph.root;
  const quotient = teller.quotient(y, x);
  if (x === y) return { paths: [], lines: [line(quotient, "1", "it is the variable itself")] };
  const all = new Paths(graph, state, x);
  if (!all.exists) {
    return { paths: [], lines: [line(quotient, "0", `${teller.name(y)} does not depend on ${teller.name(x)}`)] };
  }
  const found = all.largest(MOST_PATHS);
  const derivative = state.adjoints[x];
  const size = found.reduce((sum, edges) => sum + Math.abs(contribution(edges)), 0);
  const isTold = CANCELLED * size < Math.abs(derivative) && Math.abs(derivative) < Infinity;
  const paths = found.map((edges) => teller.path(edges, isTold ? derivative : null));
  const lines = all.count === 1 ? teller.alone(paths[0]) : teller.several(all, paths, derivative);
  return { paths: found, lines };
}

function line(left, right, remark = "", more = {}) {
  return { left, right, remark, ...more };
}

class Teller {
  constructor(graph, state, digits) {
    this.graph = graph;
    this.state = state;
    this.style = new Mathematics(graph, digits);
  }

  name(place) {
    return this.style.name(place);
  }

  /** ∂y/∂x */
  quotient(upper, lower) {
    const bracketed = (place) => (this.graph.parts[place].bracketed ? `(${this.name(place)})` : this.name(place));
    return `∂${bracketed(upper)}/∂${bracketed(lower)}`;
  }

  /** A path with its steps, as many as a screen is wide, and its share of the whole. */
  path(edges, whole) {
    const told = { edges, contribution: contribution(edges) };
    for (const limits of FEWER) {
      told.steps = new Cutter(this.graph).steps(edges, ...limits);
      if (Math.max(...this.equal(told.steps).map(width)) <= MOST_WIDE) break;
    }
    told.share = whole === null ? null : told.contribution / whole;
    return told;
  }

  // ---- lines

  /** The chain rule, the rules, the numbers, the result; what would be said twice is left out. */
  alone(told) {
    const quotient = this.quotient(this.graph.root, told.edges.at(-1).operand);
    const texts = this.withResult(told);
    const result = texts.pop();
    const isChain = told.steps.length > 1;
    const [, rules, numbers] = this.equal(told.steps);
    const remarks = !isChain
      ? ["the rule"]
      : rules === numbers
        ? ["the chain rule", "the numbers"]
        : ["the chain rule", "the rules", "the numbers"];
    const right = isChain ? texts : texts.slice(1);
    const lines = right.slice(0, remarks.length).map((text, i) => line(i ? "" : quotient, text, remarks[i]));
    lines.push(line(right.length ? "" : quotient, result, this.why(told)));
    return [...lines, ...this.below(this.namedIn(told))];
  }

  /** The sum, a line for each path, one for those that read alike, and one for the others together. */
  several(all, paths, derivative) {
    const isUnlisted = all.count === null || all.count > paths.length;
    const lines = [
      line(this.quotient(this.graph.root, all.x), this.style.number(derivative), countedPaths(all, paths, isUnlisted)),
    ];
    const isWide = paths.some((told) => width(this.addend(told).join(" = ")) > MOST_WIDE);
    let first = 1;
    for (const group of this.alike(paths, isWide).values()) {
      const share = this.remark(group[0]);
      const remark = group.length > 1 && share ? `${share} each` : share;
      const way = isWide ? this.way(group[0]) : "";
      lines.push(
        line(namedPaths(first, group.length), this.listed(group[0], isWide), [remark, way].filter(Boolean).join("   "), {
          paths: group.map((told) => told.edges),
        }),
      );
      first += group.length;
    }
    if (isUnlisted) {
      const rest = paths.reduce((left, told) => left - told.contribution, derivative);
      lines.push(line("others", this.style.number(rest), "all of them together"));
    }
    const nodes = paths.flatMap((told) =>
      isWide ? told.steps.slice(0, -1).map((step) => step.lower) : this.namedIn(told),
    );
    return [...lines, ...this.below(nodes)];
  }

  alike(paths, isWide) {
    const groups = new Map();
    for (const told of paths) {
      const key = this.listed(told, isWide) + "\n" + (isWide ? this.way(told) : "");
      groups.set(key, [...(groups.get(key) ?? []), told]);
    }
    return groups;
  }

  listed(told, isWide) {
    const result = this.style.number(told.contribution);
    return (isWide ? [...new Set([this.numbers(told.steps), result])] : this.addend(told)).join(" = ");
  }

  /** The values among these that are told by a number, and what they are. */
  below(nodes) {
    const numbered = [...new Set(nodes)].filter((node) => this.graph.parts[node].unnamed).sort((a, b) => a - b);
    const lines = numbered
      .slice(-MOST_TOLD)
      .reverse()
      .map((node) => {
        const value = this.style.number(this.state.values[node]);
        const isInner = this.graph.isInner(node);
        const text = isInner ? `${this.style.write(operation(this.graph, node))} = ${value}` : value;
        return line(this.name(node), text, isInner ? "" : "a leaf", { isBelow: true });
      });
    const others = numbered.length - MOST_TOLD;
    if (others > 0) lines.push(line("", "", `and ${counted(others)} more values without a name`, { isBelow: true }));
    return lines;
  }

  // ---- texts

  /** A product of steps as quotients, as rules and as numbers. */
  equal(steps) {
    const quotients = steps.map((step) => this.quotient(step.upper, step.lower)).join(" · ");
    if (steps.length === 1) return [quotients, this.style.write(steps[0].rule), this.numbers(steps)];
    return [quotients, steps.map((step) => asFactor(this.style.factor(step.rule))).join(" · "), this.numbers(steps)];
  }

  withResult(told) {
    return [...new Set([...this.equal(told.steps), this.style.number(told.contribution)])];
  }

  /** The same, without the one quotient of a single step: it would be that of the whole sum. */
  addend(told) {
    return this.withResult(told).slice(told.steps.length === 1 ? 1 : 0);
  }

  numbers(steps) {
    return steps.map((step) => this.style.number(step.partial)).join(" · ");
  }

  namedIn(told) {
    return told.steps.flatMap((step) => [step.upper, step.lower, ...symbolsIn(step.rule)]);
  }

  /** The share, or why there is none. */
  remark(told) {
    return this.why(told) || (told.share === null ? "" : `${mathematical(100 * told.share, 3)} %`);
  }

  way(told) {
    const between = told.steps.slice(0, -1).map((step) => this.name(step.lower));
    return between.length ? `through ${between.join(", ")}` : "";
  }

  /** Why a path adds nothing, or NaN; empty for one that adds a number. */
  why(told) {
    if (Number.isNaN(told.contribution)) return `diagnose(${this.name(this.graph.root)}) tells where NaN was born`;
    const closed = told.contribution === 0 && told.edges.find((edge) => edge.partial === 0);
    return closed ? this.closed(closed) : "";
  }

  closed({ node, operand, place }) {
    const row = this.graph.row(node);
    const value = this.state.values[operand];
    const text = `${this.name(node)} = ${this.style.write(operation(this.graph, node))}`;
    if (row.selects && value === this.state.values[node]) return `closed at ${text}, where several tie: ${row.ties}`;
    if (!row.kinked || row.vectors || place) return `closed at ${text}: ${this.quotient(node, operand)} is 0`;
    const convention = value === 0 ? `, by convention (${row.ties})` : "";
    return `closed at ${text}: the slope is 0 at ${this.name(operand)} = ${this.style.number(value)}${convention}`;
  }
}

function countedPaths(all, paths, isUnlisted) {
  const count = all.count === null ? `about 10^${all.magnitude.toFixed(0)}` : counted(all.count);
  const largest = paths.length > 1 ? `the largest ${paths.length} of them` : "the largest of them";
  return `the sum over ${count} paths, ${isUnlisted ? largest : "the largest first"}`;
}

/** What is listed: an addend, which is not equal to the sum. */
function namedPaths(first, count) {
  return count === 1 ? `path ${first}` : `paths ${first}–${first + count - 1}`;
}

/** The factor, in brackets where it is a product itself, so that each step has one factor and one number. */
function asFactor(factor) {
  let depth = 0;
  const parts = factor.split(" · ");
  const isProduct = parts.slice(0, -1).some((part) => {
    depth += part.split("(").length - part.split(")").length;
    return depth === 0;
  });
  return isProduct ? `(${factor})` : factor;
}

/** Cuts paths into the steps in which people tell them: from named value to named value. */
class Cutter {
  constructor(graph) {
    this.graph = graph;
  }

  isNamed(place) {
    return !this.graph.parts[place].unnamed;
  }

  /** The steps of a path; of many so many first and last ones, with one step for what lies between. */
  steps(edges, first, last) {
    if (edges.length <= FIRST_EDGES + LAST_EDGES) {
      const steps = this.segments(edges);
      return steps.length <= first + 1 + last ? steps : abridged(steps.slice(0, first), steps.slice(-last), edges);
    }
    const [head, tail] = [this.segments(edges.slice(0, FIRST_EDGES)), this.segments(edges.slice(-LAST_EDGES))];
    return abridged(head.slice(0, first), tail.slice(-last), edges);
  }

  segments(edges) {
    const rules = edges.map((edge) =>
      rule(this.graph, edge.node, edge.place, edge.partial, (place) => this.read(place)),
    );
    const told = rules.map((found) => symbolsIn(found));
    const steps = [];
    let begun = 0;
    edges.forEach(({ operand }, i) => {
      const end = i + 1;
      const isEnd = end === edges.length || this.isNamed(operand);
      const merged = rules.slice(begun, end).filter(isTerm).length;
      if (isEnd || merged >= MOST_MERGED || told[i].has(operand) || told[end].has(operand)) {
        steps.push(stepOf(edges.slice(begun, end), rules.slice(begun, end)));
        begun = end;
      }
    });
    return steps;
  }

  read(place) {
    if (this.graph.isPlain(place)) return toNumber(this.graph.parts[place].data);
    const written = this.writtenOut(place, { left: MOST_INLINE });
    const row = this.graph.isInner(place) && this.graph.row(place);
    if (!written && (row === TABLE.add || row === TABLE.subtract)) {
      return this.term(place, (x) => this.writtenOut(x, { left: 1 }) ?? named(x));
    }
    return written ?? named(place);
  }

  /** A computed value without a name as the term that gives it; null where that would take too much room. */
  writtenOut(place, room) {
    room.left -= 1;
    if (this.isNamed(place) || !this.graph.isInner(place)) return named(place);
    const operands = this.graph.operands(place);
    if (room.left < 0 || room.left < operands.length - 1) return null;
    room.left -= operands.filter((x) => this.graph.isPlain(x)).length;
    const inside = new Map();
    for (const x of operands) if (!this.graph.isPlain(x)) inside.set(x, this.writtenOut(x, room));
    return [...inside.values()].includes(null) ? null : this.term(place, (x) => inside.get(x));
  }

  term(place, read) {
    return operation(this.graph, place, read, Infinity);
  }
}

function stepOf(edges, rules) {
  const partial = contribution(edges);
  let whole = rules.reduce((left, right) => product(left, right), 1);
  if (Number.isNaN(partial) && whole === 0)
    whole = rules.reduce((left, right) => new Term(TABLE.multiply, [left, right]));
  return { upper: edges[0].node, lower: edges.at(-1).operand, rule: whole, partial };
}

function abridged(first, last, edges) {
  const [upper, lower] = [first.at(-1).lower, last[0].upper];
  const nodes = edges.map((edge) => edge.node);
  const between = edges.slice(nodes.indexOf(upper), nodes.indexOf(lower));
  const rule = named(`⋯ ${counted(between.length)} more ⋯`);
  return [...first, { upper, lower, rule, partial: contribution(between) }, ...last];
}
