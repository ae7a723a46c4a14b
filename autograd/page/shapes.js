// What the picture is made of: SVG elements, texts, arrows, and the outlines of boxes.

const SVG = "http://www.w3.org/2000/svg";

function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function text(kind, x, y, content, anchor = "start") {
  return svg("text", { class: kind, x, y, "text-anchor": anchor }, content);
}

/** Writes a text, if it is another, and says whether it is: what stays is not laid out again. */
function say(element, content) {
  const isOther = element.textContent !== content;
  if (isOther) element.textContent = content;
  return isOther;
}

/** The sign of an operation as mathematics writes it, where it stands between or before its operands. */
function signOf(name) {
  const { pieces, symbol } = TABLE[name];
  const texts = pieces.filter((piece) => typeof piece === "string");
  return texts.length === 1 && !/[\w(]/.test(texts[0]) ? texts[0].trim() : symbol;
}

function at({ x, y }) {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

function arrow({ x, y }, isDown) {
  const points = isDown
    ? `${x - 3.5},${y - 7} ${x + 3.5},${y - 7} ${x},${y}`
    : `${x - 7},${y - 3.5} ${x - 7},${y + 3.5} ${x},${y}`;
  return svg("polygon", { class: "arrow", points });
}

/** The outline of a box; kinds differ in shape, and not in colour alone. */
function shapes(box, x, y) {
  const { width, height } = box;
  const rect = (grown, rx, kind = "shape") =>
    svg("rect", { class: kind, x: x - grown, y: y - grown, width: width + 2 * grown, height: height + 2 * grown, rx });
  const path = (d, kind = "shape") => svg("path", { class: kind, d });
  const [right, bottom] = [x + width, y + height];
  switch (box.look) {
    case "constant":
      return [rect(0, height / 2)];
    case "input":
      return [path(`M${x + 16} ${y}H${right}V${bottom}H${x + 16}C${x - 6} ${bottom} ${x - 6} ${y} ${x + 16} ${y}Z`)];
    case "parameter":
      return [rect(0, 3), svg("rect", { class: "bar", x, y, width: 4, height })];
    case "target":
      return [rect(3, 4, "shape outer"), rect(0, 2)];
    case "leaf":
      return [
        path(`M${x} ${y}H${right - 11}L${right} ${y + 11}V${bottom}H${x}Z`),
        path(`M${right - 11} ${y}V${y + 11}H${right}`, "fold"),
      ];
    case "collapsed":
      return [svg("rect", { class: "shape behind", x: x + 6, y: y - 6, width, height, rx: 6 }), rect(0, 6)];
    default:
      return [rect(0, 9)];
  }
}
