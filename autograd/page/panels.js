// What stands beside the picture: the step, the node, the leaves, gradient descent, and all values as a table.

const MOST_FLOWS = 12;
const MOST_LEAVES = 80;
const SHORT = 6; // digits, which a narrow field has room for
const [CURVE_WIDTH, CURVE_HEIGHT] = [320, 96];

const find = (id) => document.getElementById(id);

function html(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== false) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

// ---- the step

function showStep(told) {
  find("step-title").textContent = told.title;
  const equal = told.equal.map((text, i) => html("span", {}, i ? `= ${text}` : text));
  const flows = told.flows.slice(0, MOST_FLOWS).map(flowCard);
  const more = told.flows.length - MOST_FLOWS;
  find("step-told").replaceChildren(
    ...(equal.length ? [html("p", { class: "formula" }, ...equal)] : []),
    ...told.remarks.map((remark) => html("p", { class: "remark" }, remark)),
    ...flows,
    ...(more > 0 ? [html("p", { class: "remark" }, `… and ${counted(more)} more`)] : []),
  );
}

function flowCard({ cells: [to, ...others] }) {
  const rows = others.flatMap((cell, i) => (cell ? [html("dt", {}, HEADINGS[i + 1]), html("dd", {}, cell)] : []));
  return html("div", { class: "flow" }, html("h3", {}, to), html("dl", {}, ...rows));
}

// ---- the node

function showNode(told) {
  find("node").hidden = !told;
  find("step").hidden = Boolean(told) && !explorer.isBegun;
  if (!told) return;
  find("node-title").textContent = told.name;
  const isEdited = find("node-told").contains(document.activeElement);
  find("node-told").replaceChildren(
    html(
      "dl",
      {},
      ...told.facts.flatMap(([term, ...said]) => [
        html("dt", {}, term),
        html("dd", { class: term === "adjoint" ? "derivative" : "" }, ...said),
      ]),
    ),
  );
  if (isEdited) find("node-told").querySelector("input, button")?.focus();
  find("why-title").textContent = told.whyTitle;
  find("why").replaceChildren(...told.lines.map((each) => explanationLine(each, told)));
}

/** One line of an explanation; one that tells of a path of several lights it up when it is pressed. */
function explanationLine(each, told) {
  const equal = each.right ? `= ${each.right}` : "";
  const cells = [
    html("span", { class: "left" }, each.left),
    html("span", { class: "right" }, equal),
    html("span", { class: "remark" }, each.remark),
  ];
  const kind = each.isBelow ? "line below" : "line";
  if (!each.paths) return html("div", { class: kind }, ...cells);
  const isPressed = told.isPressed(each.paths);
  return html(
    "button",
    { class: `${kind} path`, type: "button", "aria-pressed": String(isPressed), onclick: () => told.press(each.paths) },
    ...cells,
  );
}

// ---- the leaves

/** A row for each leaf: its name, a field and a slider. */
function leafRows(graph, change) {
  const leaves = graph.leaves.slice(0, MOST_LEAVES);
  const rows = new Map(leaves.map((leaf) => [leaf, leafRow(graph, leaf, change)]));
  const more = graph.leaves.length - leaves.length;
  find("leaves-list").replaceChildren(...[...rows.values()].map((row) => row.element));
  find("leaves-more").textContent =
    more > 0 ? `… and ${counted(more)} more: choose one in the picture to change it` : "";
  return rows;
}

function leafRow(graph, leaf, change) {
  const part = graph.parts[leaf];
  const field = html("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": `value of ${part.name}`,
  });
  const slider = html("input", { type: "range", "aria-label": `slider of ${part.name}` });
  const row = { leaf, field, slider };
  field.addEventListener("change", () => change(leaf, readNumber(field.value), field));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") field.blur();
  });
  slider.addEventListener("input", () => change(leaf, Number(slider.value), slider));
  slider.addEventListener("change", () => atItsEnd(slider) && centre(row, Number(slider.value)));
  centre(row, graph.recorded[leaf]);
  row.element = html(
    "li",
    {},
    html("span", { class: `role ${part.role}`, title: part.role }),
    html("label", { title: part.label ?? part.name }, ...breakable(part.name)),
    field,
    slider,
  );
  return row;
}

/** A name that can go on in the next line after each of its dots. */
function breakable(name) {
  return name.split(/(?<=\.)/).flatMap((piece, i) => (i ? [html("wbr"), piece] : [piece]));
}

function atItsEnd({ value, min, max }) {
  return Number(value) <= Number(min) || Number(value) >= Number(max);
}

/** A slider reaches as far as the number is large, on both sides. */
function centre({ slider }, number) {
  const reach = Number.isFinite(number) ? Math.max(1, 2 * Math.abs(number)) : 1;
  const middle = Number.isFinite(number) ? number : 0;
  [slider.min, slider.max, slider.step] = [middle - reach, middle + reach, reach / 200];
  slider.value = middle;
}

/** What was typed, with a comma or a real minus sign too; NaN for what is no number, but not for "nan". */
function readNumber(typed) {
  const plain = typed.trim().replaceAll("−", "-").replace(",", ".").toLowerCase();
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(plain);
  return isNumber
    ? Number(plain)
    : ({ inf: Infinity, "+inf": Infinity, "-inf": -Infinity }[plain] ?? (plain === "nan" ? NaN : null));
}

function showLeaf(row, number, isRefused, isTyped, digits) {
  if (document.activeElement !== row.field && !isTyped) row.field.value = short(number, Math.max(SHORT, digits));
  row.field.setAttribute("aria-invalid", String(isRefused));
  if (document.activeElement === row.slider) return;
  if (number < Number(row.slider.min) || number > Number(row.slider.max)) centre(row, number);
  row.slider.value = number;
}

// ---- gradient descent

/** The loss after each step as a curve, in the logarithm where it falls far. */
function showCurve(losses, hand) {
  const known = losses.filter(Number.isFinite);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const isLogarithmic = least > 0 && most > 1000 * least;
  const scale = isLogarithmic ? Math.log : (x) => x;
  const [low, high] = [scale(least), scale(most)];
  const x = (i) => 8 + (losses.length > 1 ? (i / (losses.length - 1)) * (CURVE_WIDTH - 16) : 0);
  const y = (loss) => CURVE_HEIGHT - 24 - (high > low ? (scale(loss) - low) / (high - low) : 0.5) * (CURVE_HEIGHT - 44);
  const points = losses.flatMap((loss, i) =>
    Number.isFinite(loss) ? [`${x(i).toFixed(1)},${y(loss).toFixed(1)}`] : [],
  );
  const last = points.at(-1)?.split(",");
  find("curve").replaceChildren(
    svg("line", { class: "axis", x1: 8, x2: CURVE_WIDTH - 8, y1: CURVE_HEIGHT - 16, y2: CURVE_HEIGHT - 16 }),
    svg("polyline", { class: "loss", points: points.join(" ") }),
    ...(last ? [svg("circle", { class: "last", cx: last[0], cy: last[1], r: 3.5 })] : []),
    text("axis-text", 8, 11, known.length ? hand.number(most) : ""),
    text(
      "axis-text",
      CURVE_WIDTH - 8,
      CURVE_HEIGHT - 3,
      `${counted(losses.length - 1)} step${losses.length === 2 ? "" : "s"}${isLogarithmic ? ", logarithmic" : ""}`,
      "end",
    ),
  );
}

// ---- all values

function showTable(rows) {
  const cell = (content, kind = "") => html("td", { class: kind }, content);
  find("values").replaceChildren(
    ...rows.map((row) =>
      html(
        "tr",
        {},
        html("th", { scope: "row" }, row.name),
        cell(row.operation),
        cell(row.value, "figure"),
        cell(row.adjoint, "figure derivative"),
      ),
    ),
  );
}
