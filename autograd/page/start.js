// How the explorer begins, and what each key and button does.

function redraw() {
  picture.draw(explorer.grouping, explorer.open);
  show();
  picture.open(explorer.selected ?? toldNow().node ?? graph.root);
}

function keyPressed(event) {
  const isTyped = event.target.matches("input, select, textarea, summary");
  if (isTyped || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = {
    ArrowRight: () => go(explorer.position + 1),
    ArrowLeft: () => go(explorer.position - 1),
    Home: () => go(0),
    End: () => go(steps),
    "+": () => picture.zoomBy(1.25),
    "-": () => picture.zoomBy(0.8),
    0: () => picture.fit(),
    Escape: () => choose(null),
  };
  const inPicture = event.target.closest(".node");
  if (inPicture) {
    const i = Number(inPicture.dataset.box);
    const focus = (to) => picture.boxes.at(to % picture.boxes.length).element.focus();
    Object.assign(keys, {
      ArrowDown: () => focus(i + 1),
      ArrowUp: () => focus(i - 1),
      Enter: () => chooseBox(picture.boxes[i]),
      " ": () => chooseBox(picture.boxes[i]),
    });
  }
  if (keys[event.key]) {
    event.preventDefault();
    pause();
    keys[event.key]();
  }
}

function turnTheme() {
  const isDark =
    document.documentElement.dataset.theme === "dark" ||
    (!document.documentElement.dataset.theme && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "light" : "dark";
}

function listen() {
  const clicks = {
    first: () => go(0),
    back: () => go(explorer.position - 1),
    next: () => go(explorer.position + 1),
    last: () => go(steps),
  };
  for (const [id, act] of Object.entries(clicks))
    find(id).addEventListener("click", () => {
      pause();
      act();
    });
  find("play").addEventListener("click", play);
  find("slider").max = steps;
  find("slider").addEventListener("input", (event) => {
    pause();
    go(Number(event.target.value));
  });
  find("zoom-in").addEventListener("click", () => picture.zoomBy(1.25));
  find("zoom-out").addEventListener("click", () => picture.zoomBy(0.8));
  find("fit").addEventListener("click", () => picture.fit());
  find("theme").addEventListener("click", turnTheme);
  find("descend").addEventListener("click", () => descend(1));
  find("descend-ten").addEventListener("click", () => descend(10));
  find("reset").addEventListener("click", reset);
  find("rate").addEventListener("input", (event) => {
    explorer.rate = Number((10 ** Number(event.target.value)).toPrecision(3));
    showDescent();
  });
  find("close-node").addEventListener("click", () => choose(null));
  find("all-values").addEventListener("toggle", show);
  find("digits").addEventListener("change", (event) => {
    explorer.digits = Number(event.target.value);
    explain();
    show();
  });
  find("grouping").addEventListener("change", (event) => {
    explorer.grouping = contents.groupings[event.target.value] ?? null;
    explorer.open.clear();
    redraw();
  });
  document.addEventListener("keydown", keyPressed);
  new ResizeObserver(() => picture.isTurned() && redraw()).observe(find("picture"));
}

function offer() {
  const digits = [...new Set([contents.precision, 4, 8, FULL])].sort((a, b) => a - b);
  find("digits").append(
    ...digits.map((number) =>
      html(
        "option",
        { value: number, selected: number === contents.precision && "" },
        number === FULL ? "all" : String(number),
      ),
    ),
  );
  find("grouping").append(
    html("option", { value: "none" }, "none"),
    ...contents.groupings.map(({ level }, i) =>
      html("option", { value: i, selected: explorer.grouping && i === 0 && "" }, level),
    ),
  );
  find("grouping").closest("label").hidden = !contents.groupings.length;
}

document.documentElement.classList.add("scripted");
find("static").remove();
explorer.state = computed(graph, explorer.numbers);
const rows = leafRows(graph, change);
const picture = new Picture(find("picture"), graph, { choose: chooseBox, scrub });
offer();
listen();
redraw();
