// Elements and icons. Text enters as text nodes alone, never as markup.

const SVG = "http://www.w3.org/2000/svg";

// Drawn on 24 × 24, strokes only.
const PATHS = {
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-5 17-4-7zM11 14l9-10",
  attach: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.3 17a1.7 1.7 0 0 1-2.4-2.4L14.5 7",
  reply: "M10 5l-6 6 6 6M4 11h9a7 7 0 0 1 7 7v1",
  edit: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  silent: "M6 16V11a6 6 0 0 1 9.5-4.9M18 10.5V16l1.5 2H7M10 21h4M4 4l16 17",
  sound: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4",
  pin: "M9 4h6l-.5 6 3.5 4H6l3.5-4zM12 14v6",
  down: "M12 5v14M5 12l7 7 7-7",
  tools: "M4 7h9M17 7h3M4 17h3M11 17h9M13 4.5v5M7 14.5v5",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20",
  link: "M8 16L17 7M9 7h8v8",
  close: "M6 6l12 12M18 6L6 18",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  check: "M4 12.5l5 5L20 6.5",
  slash: "M9 4h6M4 12h16M4 6h16M4 18h16",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
  calendar: "M5 6h14v14H5zM5 10.5h14M9 3.5V8M15 3.5V8",
  swap: "M8 4L4 8l4 4M4 8h13M16 12l4 4-4 4M20 16H7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-2 4 4M15.5 9h.01",
  voice: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21",
  sticker: "M20 13V7a3 3 0 0 0-3-3H7a3 3 0 0 0-3 3v10a3 3 0 0 0 3 3h6zM20 13h-4a3 3 0 0 0-3 3v4M9 10h.01M15 10h.01",
  location: "M12 21c4.5-5 7-8.3 7-11a7 7 0 0 0-14 0c0 2.7 2.5 6 7 11zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  group: "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 19.5a6.5 6.5 0 0 1 13 0M16 5.5a3 3 0 0 1 0 6M17.5 14a6 6 0 0 1 4 5.5",
  plus: "M12 5v14M5 12h14",
  download: "M12 4v11M7 10.5l5 5 5-5M4 20h16",
};

/** An element; properties that are null, undefined or false are left out, `on…` are listeners, `data` is its data set. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A button that submits nothing. */
export function button(props, ...children) {
  return h("button", { type: "button", ...props }, ...children);
}

export function icon(name, size = 22) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", size);
  svg.setAttribute("height", size);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function byId(id) {
  return document.getElementById(id);
}

/** What a finger or the mouse is down on, and what waits to be filled until it is up: a click ends where it began or is none. */
let pressed = null;
const waiting = new Map();

addEventListener("pointerdown", ({ target }) => (pressed = target), true);
for (const end of ["pointerup", "pointercancel"]) {
  // The click comes first.
  addEventListener(end, () => setTimeout(release), true);
}

function release() {
  pressed = null;
  for (const [host, [facts, build]] of waiting) fill(host, facts, build);
}

/**
 * Fills `host` with what `build` makes of `facts`, only when they differ from last time. Whatever had the focus and a `data-key`
 * has it again afterwards. While something in it is pressed, it waits.
 */
export function fill(host, facts, build) {
  if (pressed && host.contains(pressed)) {
    waiting.set(host, [facts, build]);
    return false;
  }
  waiting.delete(host);
  const mark = JSON.stringify(facts);
  if (host.filledWith === mark) return false;
  host.filledWith = mark;
  const focused = host.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  host.replaceChildren(...[build(facts)].flat(2).filter(Boolean));
  if (focused !== undefined) {
    for (const element of host.querySelectorAll("[data-key]")) {
      if (element.dataset.key === focused) element.focus({ preventScroll: true });
    }
  }
  return true;
}

/** A round picture of somebody: the end of the name on one of seven colours. */
export function avatar(id, name, kind = "person") {
  const letters = kind === "bot" ? "督" : kind === "group" ? "专" : [...name].slice(-2).join("");
  const colour = kind === "person" ? Math.abs(id) % 7 : kind;
  return h("span", { class: "avatar", "aria-hidden": "true", data: { colour } }, letters);
}
