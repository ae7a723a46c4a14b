// Formulas over named values as small trees, put in order while they are built: `autograd.notation.terms` again.
// An operand is a Term or a number. A Term without a row is a symbol: the place of a part, or a text.

class Term {
  constructor(row, operands, symbol = null) {
    this.row = row;
    this.operands = operands;
    this.symbol = symbol;
  }
}

const isTerm = (x) => x instanceof Term;
const is = (x, row) => isTerm(x) && x.row === row;
const named = (symbol) => new Term(null, [], symbol);

const SMALLEST = 2.2250738585072014e-308;

/** The namespace of terms. A function of constants alone is a constant. */
const algebra = Object.fromEntries(Object.keys(floats).map((name) => [name, inTerms(name)]));

function inTerms(name) {
  const ordered = {
    add: sumOfTwo,
    subtract: difference,
    multiply: product,
    negative: negated,
    power: raised,
    divide: quotient,
  };
  return (...operands) => {
    if (!operands.some(isTerm)) return floats[name](...operands);
    if (ordered[name]) return ordered[name](...operands);
    const row = TABLE[name];
    return new Term(row, row.vectors ? [operands] : operands);
  };
}

function sumOfTwo(x, y) {
  if (!isTerm(x) && !isTerm(y)) return x + y;
  if (x === 0) return y;
  const [sign, size] = split(y);
  if (size === null) {
    if (sign === 0) return x;
    return sign < 0 ? new Term(TABLE.subtract, [x, -sign]) : new Term(TABLE.add, [x, y]);
  }
  return sign < 0 ? new Term(TABLE.subtract, [x, scaled(-sign, size)]) : new Term(TABLE.add, [x, y]);
}

function difference(x, y) {
  return sumOfTwo(x, negated(y));
}

function negated(x) {
  return isTerm(x) ? product(-1, x) : -x;
}

function product(x, y) {
  const [[a, left], [b, right]] = [split(x), split(y)];
  if (left === null && right === null) return a * b;
  if (a === 0 || b === 0) return 0;
  if (!isSafe(a, b)) return new Term(TABLE.multiply, [x, y]);
  return scaled(a * b, left === null || right === null ? (left ?? right) : joined(left, right));
}

/** Whether constants may be multiplied first: the product is not out of range where the whole need not be. */
function isSafe(a, b) {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return true;
  return Math.abs(a * b) >= SMALLEST && Number.isFinite(a * b);
}

/** The product with its factors side by side, from left to right. */
function joined(left, right) {
  const factors = [];
  let first = right;
  while (is(first, TABLE.multiply)) {
    factors.push(first.operands[1]);
    first = first.operands[0];
  }
  return multiplied(new Term(TABLE.multiply, [left, first]), factors);
}

/** factor · rest, with the factor in front of all: −a, 2 · a · b, 3 / a. */
function scaled(factor, rest) {
  if (factor === 1) return rest;
  const factors = [];
  while (rest.row === TABLE.multiply && isTerm(rest.operands[0])) {
    factors.push(rest.operands[1]);
    rest = rest.operands[0];
  }
  if (rest.row === TABLE.divide && rest.operands[0] === 1) {
    return multiplied(new Term(TABLE.divide, [factor, rest.operands[1]]), factors);
  }
  const whole = factor === -1 ? new Term(TABLE.negative, [rest]) : new Term(TABLE.multiply, [factor, rest]);
  return multiplied(whole, factors);
}

/** The term times the factors, the last of which comes first. */
function multiplied(term, factors) {
  return factors.reduceRight((whole, factor) => new Term(TABLE.multiply, [whole, factor]), term);
}

/** The constant factor of a term, which stands at its very left, and the rest of it; null where nothing else is. */
function split(x) {
  let [sign, first] = [1, x];
  const passed = [];
  while (is(first, TABLE.negative) || is(first, TABLE.multiply) || is(first, TABLE.divide)) {
    if (first.row === TABLE.negative) {
      sign = -sign;
    } else if (first.row === TABLE.divide || isTerm(first.operands[1])) {
      passed.push([first.row, first.operands[1]]);
    } else {
      break;
    }
    first = first.operands[0];
  }
  let rest = isTerm(first) ? first : null;
  for (const [row, second] of passed.reverse()) {
    if (rest === null && row === TABLE.multiply) rest = isTerm(second) ? second : null;
    else rest = new Term(row, [rest ?? 1, second]);
  }
  return [isTerm(first) ? sign : sign * first, rest];
}

function raised(x, y) {
  if (y === 0 || y === 1) return y === 1 ? x : 1;
  return new Term(TABLE.power, [x, y]);
}

function quotient(x, y) {
  if (x === 0) return 0;
  return isTerm(x) && y === 1 ? x : new Term(TABLE.divide, [x, y]);
}

/** The places of all parts that a rule names. */
function symbolsIn(rule, found = new Set()) {
  if (!isTerm(rule)) return found;
  if (typeof rule.symbol === "number") found.add(rule.symbol);
  for (const operand of rule.operands.flat()) symbolsIn(operand, found);
  return found;
}
