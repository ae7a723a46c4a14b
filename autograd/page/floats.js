// The namespace of numbers, with the answers of `autograd.namespaces.Floats`.

const reduced =
  (step) =>
  (term, ...vectors) =>
    vectors[0].map((_, i) => term(...vectors.map((v) => v[i]))).reduce(step);

const floats = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  negative: (x) => -x,
  divide: (x, y) => x / y,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  absolute: Math.abs,
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : x + 0),
  heaviside: (x, atZero) => (x > 0 ? 1 : x < 0 ? 0 : x === 0 ? atZero : x),
  maximum: (x, y) => (x >= y || x !== x ? x : y),
  minimum: (x, y) => (x <= y || x !== x ? x : y),
  equal: (x, y) => (x === y ? 1 : x === x && y === y ? 0 : NaN),

  // C, and so Python, knows 1 to any power and -1 to an infinite one; JavaScript says NaN
  power: (x, y) => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y),

  // the sign of the result is that of y, as in Python
  modulo(x, y) {
    const rest = x % y;
    return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
  },

  // from left to right
  sum_of: reduced((x, y) => x + y),
  max_of: reduced((x, y) => floats.maximum(x, y)),
  min_of: reduced((x, y) => floats.minimum(x, y)),
};
