// How numbers, names and terms are set: `autograd.notation.typesetting` and `screens` again.

const [PRODUCT, SIGN, POWER, ATOM] = [2, 3, 4, 5];
const FULL = 17;
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number in significant digits; one that is not zero never reads as zero. In all digits a zero keeps its sign. */
function short(x, digits) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf";
  return digits < FULL ? general(x, digits) : shortest(x);
}

/** As Python's format(x, ".4g"). */
function general(x, digits) {
  if (x === 0) return "0";
  const [mantissa, exponent] = rounded(x, digits).split("e");
  return placed(mantissa, Number(exponent), digits);
}

/** Ties go to the even digit, as in Python; JavaScript takes the larger. */
function rounded(x, digits) {
  const away = x.toExponential(digits - 1);
  const exact = x.toExponential(digits + 30);
  const tail = exact.slice(0, exact.indexOf("e")).slice(-31);
  const kept = exact.slice(0, exact.indexOf("e") - 31);
  const isTie = /^50*$/.test(tail) && "02468".includes(kept.at(-1) === "." ? kept.at(-2) : kept.at(-1));
  return isTie ? `${kept.replace(/\.$/, "")}e${exact.split("e")[1]}` : away;
}

/** As Python's repr, without ".0": as many digits as tell a number from its neighbours. */
function shortest(x) {
  if (x === 0) return Object.is(x, -0) ? "-0" : "0";
  const [mantissa, exponent] = x.toExponential().split("e");
  return placed(mantissa, Number(exponent), 16);
}

/** Digits with their point, or with an exponent where the number is below 1e-4, or has more than so many digits. */
function placed(mantissa, exponent, most) {
  if (exponent >= -4 && exponent < most) {
    const digits = mantissa.replace(/[-.]/g, "");
    const whole = exponent < 0 ? "0" : digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
    const part = exponent < 0 ? "0".repeat(-exponent - 1) + digits : digits.slice(exponent + 1);
    return (mantissa.startsWith("-") ? "-" : "") + trimmed(`${whole}.${part}`);
  }
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${mantissa.includes(".") ? trimmed(mantissa) : mantissa}e${exponent < 0 ? "-" : "+"}${size}`;
}

function trimmed(text) {
  return text.replace(/\.?0*$/, "");
}

/** A number with a real minus sign, which zero has not. */
function mathematical(x, digits) {
  return x === 0 ? "0" : short(x, digits).replaceAll("-", "−");
}

/** As Python's repr of a float, for messages; in fewer digits, where these don't make a whole number of it. */
function pythonNumber(x, digits) {
  const text = short(x, isRounded(x, digits) ? FULL : digits);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Whether so many digits make a whole number of one that is none. */
function isRounded(x, digits) {
  return /^-?\d+$/.test(short(x, digits)) && !Number.isInteger(x);
}

/** A whole number with commas. */
function counted(n) {
  return n.toLocaleString("en-US");
}

/** Mathematics in Unicode: `w · x`, `a(1 − a)`, `x²`. As it was typed, x · x is left so. */
class Mathematics {
  constructor(graph, digits, asTyped = false) {
    this.graph = graph;
    this.digits = digits;
    this.asTyped = asTyped;
  }

  write(root) {
    return this.written(root).text;
  }

  /** A term as one of several factors of a product. */
  factor(root) {
    return within(this.written(root), PRODUCT);
  }

  number(x, digits = this.digits) {
    return mathematical(x, digits);
  }

  /** A number in a formula: 1.00001 is not written as 1, which would be another formula. */
  constant(x) {
    return this.number(x, isRounded(x, this.digits) ? FULL : this.digits);
  }

  name(symbol) {
    return typeof symbol === "number" ? this.graph.parts[symbol].name : symbol;
  }

  /** Two numbers and a dot: 2 · (−3). */
  product(x, y) {
    return this.write(new Term(TABLE.multiply, [x, y]));
  }

  written(root) {
    if (!isTerm(root)) return this.writtenNumber(root);
    if (root.row === null) return this.writtenSymbol(root.symbol);
    if (root.row.vectors) {
      const vectors = root.operands.map((vector) => vector.map((x) => this.write(x)).join(", "));
      return { text: filled(root.row.pieces, vectors), precedence: root.row.precedence };
    }
    return this.joined(
      root.row,
      root.operands.map((x) => this.written(x)),
    );
  }

  writtenNumber(x) {
    const text = this.constant(x);
    return { text, precedence: text[0] === "−" || text.includes("e") ? SIGN : ATOM };
  }

  writtenSymbol(symbol) {
    const precedence =
      typeof symbol === "number" ? (this.graph.parts[symbol].precedence ?? ATOM) : precedenceOf(symbol);
    return { text: this.name(symbol), precedence };
  }

  joined(row, operands) {
    const [x, y] = operands;
    const isSame = y && x.text === y.text && x.precedence === y.precedence;
    if (!(row === TABLE.multiply && isSame && this.asTyped)) {
      if (row === TABLE.power && /^−*\p{Nd}+$/u.test(y.text) && !isRaised(x)) {
        const exponent = y.text.replace(/\d/g, (digit) => SUPERSCRIPTS[digit]).replaceAll("−", "⁻");
        return { text: within(x, ATOM) + exponent, precedence: row.precedence };
      }
      if (row === TABLE.multiply && isSame && isName(x)) return { text: `${x.text}²`, precedence: POWER };
      if (row === TABLE.multiply && y.precedence < PRODUCT) {
        return { text: `${within(x, PRODUCT)}(${y.text})`, precedence: row.precedence };
      }
    }
    const needed = apart(row.needed, operands);
    const texts = operands.map((operand, place) => within(operand, needed[place] ?? ATOM));
    return { text: filled(row.pieces, texts), precedence: row.precedence };
  }
}

function within(written, needed) {
  return written.precedence >= needed ? written.text : `(${written.text})`;
}

function filled(pieces, texts) {
  return pieces.map((piece) => (typeof piece === "number" ? texts[piece] : piece)).join("");
}

/** As is needed, but with brackets around what starts with a sign and follows one: x − (−2). */
function apart(needed, operands) {
  return needed.map((need, place) => (place && need && "-−".includes(operands[place]?.text[0]) ? ATOM : need));
}

function isRaised(written) {
  return written.precedence === ATOM && /[⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ]$/u.test(written.text);
}

function isName(written) {
  return written.precedence === ATOM && !/^\p{Nd}/u.test(written.text) && !isRaised(written);
}

/** That of a text in place of what is left out. */
function precedenceOf(text) {
  return text.includes(" ") ? PRODUCT : ATOM;
}

const WIDE =
  /\p{sc=Han}|\p{sc=Hangul}|\p{sc=Hiragana}|\p{sc=Katakana}|\p{EPres}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

/** How many columns a terminal needs: none for an accent that combines, two for a wide character. */
function width(text) {
  let columns = 0;
  for (const character of text) {
    if (/\p{Mn}/u.test(character)) continue;
    columns += WIDE.test(character) ? 2 : 1;
  }
  return columns;
}
