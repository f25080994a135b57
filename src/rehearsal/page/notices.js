// What passes over the page: short notices, alerts of the bot, a menu at a button, a photo, words for screen readers.

import { follow, isStartLink, onAlerts, onFail } from "./app.js";
import { byId, button, h, icon } from "./dom.js";

const STAYS = 4_000;
/** A button that is not answered by then stops waiting; Telegram does so too. */
const PATIENCE = 15_000;
const MOST_EARLY = 50;

/** Taps not answered yet: by query, what to do at the answer. */
const waiting = new Map();
/** Answers that came before their tap was known. */
const early = new Map();

export function startNotices() {
  onFail((words) => toast(words, "error"));
  onAlerts((answers) => {
    answers.alerts.forEach(answered);
  });
  byId("picture").addEventListener("click", () => byId("picture").close());
  document.addEventListener("pointerdown", (event) => {
    if (!byId("popup").contains(event.target)) closePopup();
  });
}

export function toast(words, kind = "plain") {
  const element = h("div", { class: `toast ${kind}` }, words);
  byId("toasts").append(element);
  setTimeout(() => element.remove(), STAYS);
}

/** Said once by a screen reader. */
export function announce(words) {
  byId("announcer").textContent = words;
}

/** Calls `done` when the bot answered this press, or when it is too late. */
export function awaitAnswer(query, done) {
  const answer = early.get(query);
  if (answer) {
    early.delete(query);
    done();
    followAnswer(answer);
    return;
  }
  waiting.set(query, done);
  setTimeout(() => finish(query), PATIENCE);
}

function finish(query) {
  waiting.get(query)?.();
  return waiting.delete(query);
}

/** What the bot says to a press is shown in every tab; its link is followed only where the press was made. */
function answered(answer) {
  if (finish(answer.query)) followAnswer(answer);
  else keepEarly(answer);
  if (answer.url || !answer.text) return;
  if (answer.is_alert) alertBox(answer.text);
  else toast(answer.text, "answer");
}

function keepEarly(answer) {
  if (early.size >= MOST_EARLY) early.clear();
  early.set(answer.query, answer);
}

function followAnswer(answer) {
  if (answer.url && isStartLink(answer.url)) follow(answer.url);
}

/** The box a bot opens with `show_alert`. */
function alertBox(words) {
  const box = byId("notice");
  const close = button({ class: "primary", onclick: () => box.close() }, "确定");
  box.replaceChildren(h("p", { id: "notice-text" }, words), h("div", { class: "choices" }, close));
  if (!box.open) box.showModal();
}

/** Asks before something that cannot be taken back; true at yes. */
export function confirmed(words, yes) {
  const box = byId("notice");
  return new Promise((answer) => {
    const end = (value) => () => {
      box.close();
      answer(value);
    };
    box.replaceChildren(
      h("p", { id: "notice-text" }, words),
      h("div", { class: "choices" }, button({ onclick: end(false) }, "取消"), button({ class: "primary", onclick: end(true) }, yes)),
    );
    box.oncancel = end(false);
    box.showModal();
  });
}

export function showPicture(address) {
  const box = byId("picture");
  box.replaceChildren(h("img", { src: address, alt: "照片" }), button({ class: "round", "aria-label": "关闭" }, icon("close")));
  box.showModal();
}

/** A small menu at `anchor`, or where the pointer is. Items: icon, words, deed. */
export function popup(anchor, items, heading, pointer) {
  const menu = byId("popup");
  const entries = items.map((item) =>
    button(
      {
        role: "menuitem",
        class: item.danger ? "danger" : null,
        onclick: () => {
          closePopup();
          item.deed();
        },
      },
      item.icon && icon(item.icon, 20),
      h("span", {}, item.words),
    ),
  );
  menu.replaceChildren(...entries, heading ? h("p", {}, heading) : "");
  menu.hidden = false;
  place(menu, anchor, pointer);
  entries[0]?.focus();
  menu.onkeydown = (event) => {
    const at = entries.indexOf(document.activeElement);
    if (event.key === "ArrowDown") entries[(at + 1) % entries.length].focus();
    else if (event.key === "ArrowUp") entries[(at - 1 + entries.length) % entries.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      closePopup();
      anchor.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

export function closePopup() {
  byId("popup").hidden = true;
}

function place(menu, anchor, pointer) {
  const box = anchor.getBoundingClientRect();
  const [x, y] = pointer ? [pointer.clientX, pointer.clientY] : [box.left, box.bottom + 4];
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(8, Math.min(x, innerWidth - width - 8));
  const below = y + height + 8 <= innerHeight;
  const top = below ? y : Math.max(8, (pointer ? y : box.top - 4) - height);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}
