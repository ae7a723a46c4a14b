// What pointers do in the picture: one moves it, or the number of a leaf; two pinch; a click chooses; the wheel zooms.

const FARTHEST_CLICK = 5;
const [ZOOM_OF_PIXEL, ZOOM_OF_LINE] = [0.0015, 0.05];

class Pointers {
  constructor(picture) {
    this.picture = picture;
    this.places = new Map();
    this.drag = null;
    const listen = (kind, act, options) => picture.root.addEventListener(kind, act.bind(this), options);
    listen("wheel", this.turned, { passive: false });
    listen("pointerdown", this.begun);
    listen("pointermove", this.moved);
    listen("pointerup", this.ended);
    listen("pointercancel", this.ended);
  }

  where({ clientX, clientY }) {
    const { left, top } = this.picture.root.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  turned(event) {
    event.preventDefault();
    const unit = event.deltaMode ? ZOOM_OF_LINE : ZOOM_OF_PIXEL;
    this.picture.zoomBy(Math.exp(-event.deltaY * unit), this.where(event));
  }

  begun(event) {
    if (event.button) return;
    const place = this.where(event);
    const element = event.target.closest(".node");
    this.places.set(event.pointerId, place);
    const isMoved = this.places.size > 1; // two fingers choose nothing
    this.drag = { box: element && this.picture.boxes[element.dataset.box], from: place, last: place, isMoved };
  }

  moved(event) {
    if (!this.places.has(event.pointerId)) return;
    if (!event.buttons) return this.ended({ pointerId: event.pointerId, type: "pointercancel" }); // let go outside
    const [old, now] = [this.places.get(event.pointerId), this.where(event)];
    this.places.set(event.pointerId, now);
    if (this.places.size > 1) this.pinched(old, now);
    else this.dragged(event, now);
  }

  pinched(old, now) {
    const [a, b] = this.places.values();
    const other = a === now ? b : a;
    const apart = (one) => distance(one, other) || 1;
    this.picture.zoomBy(apart(now) / apart(old), { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  }

  dragged({ pointerId, pointerType }, now) {
    const { drag, picture } = this;
    if (!drag.isMoved && distance(now, drag.from) < FARTHEST_CLICK) return;
    if (!drag.isMoved) picture.root.setPointerCapture(pointerId);
    drag.isMoved = true;
    // a finger that moves the picture must change no number
    const isLeaf = drag.box?.element.classList.contains("leafy") && pointerType !== "touch";
    if (isLeaf) picture.events.scrub(drag.box.parts[0], now.x - drag.last.x);
    else picture.moveBy(now.x - drag.last.x, now.y - drag.last.y);
    drag.last = now;
  }

  ended({ pointerId, type }) {
    if (!this.places.delete(pointerId)) return;
    if (this.places.size) {
      [this.drag.last] = this.places.values(); // the finger that stays goes on from where it is
      this.drag.box = null;
      return;
    }
    if (!this.drag.isMoved && type === "pointerup") this.picture.events.choose(this.drag.box);
    this.drag = null;
  }
}

function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
