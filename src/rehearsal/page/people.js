// Who one is: everybody on the roster by role and unit, and strangers.

import { app, attempt, become, go, onChange, roleName } from "./app.js";
import { badge } from "./bubble.js";
import { avatar, byId, button, fill, h, icon } from "./dom.js";
import { post } from "./net.js";
import { toast } from "./notices.js";

const ROLES = ["leader", "deputy_leader", "office", "member", "liaison", "stranger"];

const search = h("input", { type: "search", placeholder: "姓名、单位或职务", "aria-label": "查找", autocomplete: "off" });
const list = h("div", { class: "scroll" });
const nameField = h("input", { type: "text", placeholder: "新的陌生人叫什么", "aria-label": "陌生人的名字", maxlength: "40", required: true });

export function startPeople() {
  const dialog = byId("people");
  const close = button({ class: "round", "aria-label": "关闭", onclick: () => dialog.close() }, icon("close"));
  const stranger = h("form", { class: "stranger", onsubmit: addStranger }, nameField, h("button", { type: "submit" }, icon("plus", 18), "加入"));
  dialog.append(
    h("header", { class: "bar" }, h("div", { class: "title" }, h("h2", { id: "people-heading" }, "换成谁")), close),
    h("div", { class: "search" }, icon("search", 18), search),
    list,
    stranger,
  );
  search.addEventListener("input", show);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", walk);
  onChange(() => dialog.open && show());
}

/** Opens the choice, looking for `words`. */
export function openPeople(words = "") {
  search.value = words;
  show();
  byId("people").showModal();
  search.focus();
  list.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
}

function show() {
  const wanted = search.value.trim();
  const found = app.room.people.filter((one) => [one.name, one.unit, one.post, roleName(one.role)].join(" ").includes(wanted));
  const facts = found.map((one) => ({ ...one, isMe: one.id === app.who, unread: badge(one.id, one.id)?.textContent }));
  fill(list, facts, () => (facts.length ? ROLES.map((role) => section(role, facts)) : h("p", { class: "hint" }, "没有找到。")));
}

function section(role, people) {
  const those = people.filter((one) => one.role === role);
  if (!those.length) return null;
  return h("section", {}, h("h3", { class: "divider" }, roleName(role)), h("ul", { class: "rows" }, those.map(row)));
}

function row(one) {
  const states = [!one.started && "未打开私聊", one.blocked && "已停用机器人", !one.in_group && "不在群里"].filter(Boolean);
  const choose = () => {
    byId("people").close();
    become(one.id);
  };
  return h(
    "li",
    {},
    button(
      { class: "chat-row", "aria-current": one.isMe ? "true" : null, data: { key: `person/${one.id}` }, onclick: choose },
      avatar(one.id, one.name),
      h(
        "span",
        { class: "lines" },
        h("span", { class: "line" }, h("b", {}, one.name), h("em", {}, one.unit), one.isMe && h("strong", {}, "现在是此人")),
        h("span", { class: "line" }, h("span", { class: "preview" }, states.length ? h("i", { class: "state" }, `${states.join("、")} · `) : null, one.post), badge(one.id, one.id)),
      ),
    ),
  );
}

/** Arrows go through the list; Enter in the search field takes the first. */
function walk(event) {
  const rows = [...list.querySelectorAll("button")];
  const at = rows.indexOf(document.activeElement);
  if (event.key === "ArrowDown" && document.activeElement !== nameField) rows[Math.min(at + 1, rows.length - 1)]?.focus();
  else if (event.key === "ArrowUp" && at >= 0) (rows[at - 1] ?? search).focus();
  else if (event.key === "Enter" && document.activeElement === search && !event.isComposing) rows[0]?.click();
  else return;
  event.preventDefault();
}

async function addStranger(event) {
  event.preventDefault();
  const answer = await attempt(() => post("/api/stranger", { name: nameField.value.trim() }));
  if (!answer) return;
  toast(`${nameField.value.trim()}来了。`);
  nameField.value = "";
  byId("people").close();
  go({ who: answer.id, chat: answer.id, pane: "chat" });
}

