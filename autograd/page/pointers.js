// What pointers do in the picture.

/** One pointer moves the picture, or the number of a leaf; two pinch; a click chooses; the wheel zooms. */
function listenToPointers(picture) {
  const { root } = picture;
  const pointers = new Map();
  let drag = null;
  const where = (event) => {
    const frame = root.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  };
  root.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      picture.zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), where(event));
    },
    { passive: false },
  );
  root.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, where(event));
    const element = event.target.closest(".node");
    drag = {
      box: element ? picture.boxes[Number(element.dataset.box)] : null,
      from: where(event),
      last: where(event),
      isMoved: false,
    };
  });
  root.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) return;
    const [old, now] = [pointers.get(event.pointerId), where(event)];
    pointers.set(event.pointerId, now);
    if (pointers.size === 2) return pinched(picture, [...pointers.values()], old, now);
    if (!drag.isMoved && Math.hypot(now.x - drag.from.x, now.y - drag.from.y) < 5) return;
    if (!drag.isMoved) root.setPointerCapture(event.pointerId);
    drag.isMoved = true;
    // a finger that moves the picture must change no number
    const isLeaf = drag.box?.element.classList.contains("leafy") && event.pointerType !== "touch";
    if (isLeaf) picture.events.scrub(drag.box.parts[0], now.x - drag.last.x);
    else picture.move(picture.view.x + now.x - drag.last.x, picture.view.y + now.y - drag.last.y);
    drag.last = now;
  });
  const ended = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    if (drag && !drag.isMoved && !pointers.size && event.type === "pointerup") picture.events.choose(drag.box);
    if (!pointers.size) drag = null;
  };
  root.addEventListener("pointerup", ended);
  root.addEventListener("pointercancel", ended);
}

function pinched(picture, [a, b], old, now) {
  const other = a === now ? b : a;
  const spread = (one) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
  picture.zoomBy(spread(now) / spread(old), { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
}
