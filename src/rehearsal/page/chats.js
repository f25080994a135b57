// The list of chats: those of the person one is, then everybody else's private chat.

import { app, become, chatEntry, currentGroup, go, me, now, onChange, person, sees, standingOf } from "./app.js";
import { badge } from "./bubble.js";
import { avatar, byId, button, fill, h, icon } from "./dom.js";
import { openPeople } from "./people.js";
import { day, minutes, short, wall } from "./time.js";

/** Whose list was shown last: somebody else's begins at its top. */
let listedFor = 0;

export function startChats() {
  byId("me").addEventListener("click", () => openPeople());
  byId("list-tools").append(icon("tools"));
  byId("list-tools").addEventListener("click", () => go({ pane: "tools" }));
  byId("list-clock").addEventListener("click", () => go({ pane: "tools" }));
  onChange(show);
  setInterval(() => app.room && showClock(), 1000);
}

function show() {
  if (!app.room) return;
  showMe();
  showClock();
  fill(byId("chats"), facts(), list);
  if (listedFor !== app.who) byId("chats").scrollTop = 0;
  listedFor = app.who;
}

function showMe() {
  const one = me();
  fill(byId("me"), one, () => [
    avatar(one.id, one.name),
    h("span", { class: "who" }, h("b", {}, one.name), h("small", {}, standingOf(one))),
    h("span", { class: "swap" }, icon("swap", 18), "换人"),
  ]);
  byId("me").setAttribute("aria-label", `我是${one.name}，${standingOf(one)}。换人`);
}

function showClock() {
  const at = now();
  fill(byId("list-clock"), [minutes(at), day(at), app.room.speed], () => [
    icon("clock", 16),
    h("b", {}, minutes(at)),
    h("span", {}, day(at)),
    h("small", {}, SPEEDS[app.room.speed] ?? ""),
  ]);
}

const SPEEDS = { paused: "已暂停", 1: "1×", 60: "60×", 3600: "3600×", max: "最快" };

/** All that the list shows, so that it is built again only when that changed. */
function facts() {
  const own = app.room.chats.filter((chat) => chat.kind === "group" && isListed(chat)).map((chat) => row(chat.id, app.who));
  own.push(row(app.who, app.who));
  const others = app.room.people.filter((one) => one.id !== app.who).map((one) => row(one.id, one.id));
  others.sort((a, b) => (b.last ? wall(b.last.at) : 0) - (a.last ? wall(a.last.at) : 0));
  return { own, others };
}

/** The group one is in is first; a former group stays as it was. */
function isListed(chat) {
  return chat.id === currentGroup()?.id || (chat.last !== null && me().role !== "stranger");
}

function row(chat, who) {
  const entry = chatEntry(chat);
  const one = person(who);
  const isSeen = sees(who, chat);
  const last = (isSeen && entry?.last) || null;
  return {
    chat,
    who,
    isGroup: chat < 0,
    isOwn: who === app.who,
    title: chat < 0 ? entry.title : who === app.who ? (app.room.bot.name ?? "督办机器人") : one.name,
    tag: chat > 0 && who !== app.who ? standingOf(one) : "",
    last,
    time: last ? short(wall(last.at), now()) : "",
    state: chat < 0 ? (isSeen ? "" : "不在群里") : stateOf(one),
    isOpen: who === app.who && chat === app.chat,
    seen: badge(who, chat)?.textContent,
  };
}

function stateOf(one) {
  if (one.blocked) return "已停用机器人";
  return one.started ? "" : "尚未打开私聊";
}

function list({ own, others }) {
  return [
    h("ul", { class: "rows", "aria-label": "我的会话" }, own.map(entry)),
    h("h3", { class: "divider" }, "其他人与机器人的私聊"),
    h("p", { class: "hint" }, "点开即换成此人，看到此人手机上的样子。"),
    h("ul", { class: "rows", "aria-label": "其他人的私聊" }, others.map(entry)),
  ];
}

function entry(row) {
  const open = () => (row.isOwn ? go({ chat: row.chat, pane: "chat" }) : become(row.who, row.who).then(() => go({ pane: "chat" })));
  const kind = row.isGroup ? "group" : row.isOwn ? "bot" : "person";
  return h(
    "li",
    {},
    button(
      { class: "chat-row", "aria-current": row.isOpen ? "true" : null, data: { key: `chat/${row.who}/${row.chat}` }, onclick: open },
      avatar(row.chat, row.title, kind),
      h(
        "span",
        { class: "lines" },
        h("span", { class: "line" }, h("b", {}, row.title), row.tag && h("em", {}, row.tag), h("time", {}, row.time)),
        h("span", { class: "line" }, preview(row), badge(row.who, row.chat)),
      ),
    ),
  );
}

function preview(row) {
  if (!row.last) return h("span", { class: "preview" }, row.state || "还没有消息");
  const by = row.isGroup && row.last.from_name ? `${row.last.from_name}：` : row.last.out && row.isOwn ? "我：" : "";
  const stopped = row.state ? h("i", {}, `${row.state} · `) : null;
  return h("span", { class: "preview" }, stopped, by && h("i", {}, by), row.last.text);
}
