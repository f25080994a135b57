// The sheets of the side panel, one at a time.

import { app, go, onChange } from "./app.js";
import { byId, button, h, icon } from "./dom.js";

export const SHEETS = [
  ["plan", "计划"],
  ["faults", "故障"],
  ["cast", "群与人"],
  ["delivery", "投递"],
  ["keeping", "存取"],
];
const KEY = "duban-sheet";

let current = localStorage.getItem(KEY) ?? "plan";

export function startTabs() {
  byId("tools-back").append(icon("back"));
  byId("tools-back").addEventListener("click", () => go({ pane: "chat" }));
  for (const [name, words] of SHEETS) {
    byId("tabs").append(
      button({ role: "tab", id: `tab-${name}`, "aria-controls": `sheet-${name}`, onclick: () => openSheet(name) }, h("span", {}, words)),
    );
    byId("sheets").append(h("section", { role: "tabpanel", id: `sheet-${name}`, class: "sheet", "aria-labelledby": `tab-${name}` }));
  }
  byId("tabs").addEventListener("keydown", walk);
  onChange(marks);
  openSheet(SHEETS.some(([name]) => name === current) ? current : "plan");
}

/** Shows a sheet; on a narrow screen its pane is opened by whoever asks. */
export function openSheet(name) {
  current = name;
  localStorage.setItem(KEY, name);
  for (const [each] of SHEETS) {
    const tab = byId(`tab-${each}`);
    tab.setAttribute("aria-selected", String(each === name));
    tab.tabIndex = each === name ? 0 : -1;
    byId(`sheet-${each}`).hidden = each !== name;
  }
}

export function sheet(name) {
  return byId(`sheet-${name}`);
}

/** Which sheets want to be looked at. */
function marks() {
  if (!app.room) return;
  const { violations, queue, bot, faults, script } = app.room;
  const isAmiss = queue.some((row) => row.state === "unknown" || row.state === "dead");
  mark("delivery", violations.length ? "red" : isAmiss ? "amber" : "");
  mark("faults", !bot.running || faults.down || faults.slow || faults.rate_limited_until ? "amber" : "");
  mark("keeping", script?.error ? "red" : "");
}

function mark(name, colour) {
  byId(`tab-${name}`).dataset.mark = colour;
}

function walk(event) {
  const names = SHEETS.map(([name]) => name);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  openSheet(names[(names.indexOf(current) + step + names.length) % names.length]);
  byId(`tab-${current}`).focus();
}
