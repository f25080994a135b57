// What is shown and to whom: the room as last read, who one is, which chat is open. The place is kept in the address and in this
// browser, so that a reload loses nothing.

import { get, post, Refused } from "./net.js";
import { wall } from "./time.js";

/** Between two readings, so that a fast clock does not drown the browser. */
const PAUSE = 120;
/** While the clock runs from event to event, or a jump or script is under way. */
const BUSY_PAUSE = 700;
/** Messages read at first, and at most with every change. */
export const FIRST_MESSAGES = 60;
export const MOST_MESSAGES = 500;

export const app = {
  /** As `/api/room` gave it. */
  room: null,
  /** As `/api/chat` gave it for this person and chat. */
  view: null,
  who: 0,
  chat: 0,
  /** On a narrow screen: `list`, `chat` or `tools`. */
  pane: "list",
  /** How many of the newest messages are kept up to date. */
  limit: FIRST_MESSAGES,
  /** In a group with topics, the one that is read and written into; null for all. */
  topic: null,
  connected: true,
  readAt: 0,
};

const watchers = [];
const alertWatchers = [];
const failWatchers = [];

export const onChange = (watcher) => watchers.push(watcher);
export const onAlerts = (watcher) => alertWatchers.push(watcher);
export const onFail = (watcher) => failWatchers.push(watcher);

function changed() {
  // Somebody new is known at the next reading.
  if (app.room && !me()) return;
  for (const watcher of watchers) watcher(app);
}

// ── who and where ──

const PLACE_KEY = "duban-place";

function placeText() {
  return new URLSearchParams({ who: app.who, chat: app.chat, pane: app.pane }).toString();
}

function readPlace(text) {
  const place = new URLSearchParams(text);
  app.who = Number(place.get("who")) || app.who;
  app.chat = Number(place.get("chat")) || app.chat;
  if (["list", "chat", "tools"].includes(place.get("pane"))) app.pane = place.get("pane");
}

function keepPlace(isNewPane) {
  const text = placeText();
  localStorage.setItem(PLACE_KEY, text);
  if (`#${text}` === location.hash) return;
  if (isNewPane) history.pushState(null, "", `#${text}`);
  else history.replaceState(null, "", `#${text}`);
}

/** Becomes somebody, opens a chat or a pane. */
export function go(change) {
  const before = { who: app.who, chat: app.chat, pane: app.pane };
  Object.assign(app, change);
  if (before.who !== app.who || before.chat !== app.chat) {
    app.view = null;
    app.limit = FIRST_MESSAGES;
    app.topic = null;
  }
  keepPlace(before.pane !== app.pane);
  changed();
  hurry();
  return refresh();
}

/** Becomes this person, in their private chat or where one is. */
export function become(id, chat = app.chat) {
  const isGroup = app.room.chats.some((one) => one.id === chat && one.kind === "group");
  return go({ who: id, chat: isGroup ? chat : id });
}

export function restorePlace() {
  readPlace(location.hash.slice(1) || localStorage.getItem(PLACE_KEY) || "");
  window.addEventListener("popstate", () => {
    readPlace(location.hash.slice(1));
    app.view = null;
    changed();
    refresh();
  });
}

/** Moves to somebody and somewhere that exist. */
function settlePlace(former) {
  const { people, groups, chats } = app.room;
  const fallback = people.find((person) => person.role === "office") ?? people[0];
  if (!person(app.who)) app.who = fallback?.id ?? 0;
  const current = currentGroup();
  const wasLive = former?.groups.some((group) => group.id === app.chat);
  const isLive = groups.some((group) => group.id === app.chat);
  const isThere = app.chat === app.who || chats.some((chat) => chat.id === app.chat && chat.kind === "group");
  if (!isThere || (wasLive && !isLive)) app.chat = current?.id ?? app.who;
  keepPlace(false);
}

// ── what is known ──

export const person = (id) => app.room?.people.find((one) => one.id === id);
export const me = () => person(app.who);
export const currentGroup = () => app.room?.groups.find((group) => group.is_current) ?? app.room?.groups[0];
export const isGroup = (id) => id < 0;
/** Whoever is not in the group hears nothing of it. */
export const sees = (who, chat) => !isGroup(chat) || person(who)?.in_group === true;
export const chatEntry = (id) => app.room?.chats.find((chat) => chat.id === id);

/** The clock on the wall of the room, run on since it was read. */
export function now() {
  const read = wall(app.room.now);
  const pace = Number(app.room.speed) || 0;
  return app.room.busy || !app.connected ? read : read + (performance.now() - app.readAt) * pace;
}

const ROLES = {
  leader: "组长",
  deputy_leader: "副组长",
  office: "专班办公室",
  member: "成员",
  liaison: "联络员",
  stranger: "名单以外",
};
export const roleName = (role) => ROLES[role] ?? "";

/** `市住建局 · 成员` */
export function standingOf(one) {
  return [one.unit, roleName(one.role)].filter(Boolean).join(" · ");
}

// ── what was seen ──

const seenKey = () => `duban-seen-${app.room.room}`;
let seen = null;

function seenTable() {
  if (seen?.key !== seenKey()) {
    seen = { key: seenKey(), table: JSON.parse(localStorage.getItem(seenKey()) ?? "{}") };
  }
  return seen.table;
}

/** In a room that was opened as it stood earlier, what came later then was not seen. */
function forgetUnsent() {
  const table = seenTable();
  for (const [key, [total, sounding]] of Object.entries(table)) {
    const entry = chatEntry(Number(key.split("/")[1]));
    if (entry && entry.total < total) table[key] = [entry.total, Math.min(sounding, entry.sounding)];
  }
}

/** Messages of the bot this person has not seen in this chat, and how many of them sounded. */
export function unread(who, chat) {
  const entry = chatEntry(chat);
  if (!entry || !sees(who, chat)) return { all: 0, sounding: 0 };
  const [total, sounding] = seenTable()[`${who}/${chat}`] ?? [0, 0];
  const all = Math.max(0, entry.total - total);
  return { all, sounding: Math.min(all, Math.max(0, entry.sounding - sounding)) };
}

export function markSeen(who, chat) {
  const entry = chatEntry(chat);
  const table = seenTable();
  const key = `${who}/${chat}`;
  if (!entry || (table[key]?.[0] === entry.total && table[key]?.[1] === entry.sounding)) return;
  table[key] = [entry.total, entry.sounding];
  localStorage.setItem(seenKey(), JSON.stringify(table));
  queueMicrotask(changed);
}

// ── reading and acting ──

let isReading = false;
let isStale = false;
let nextReading;
/** Ends the pause between two readings. */
let hurry = () => {};
let lastAnswer = null;

/** Reads all that is shown again, at most once at a time; asks again if something changed meanwhile. */
export async function refresh() {
  isStale = true;
  if (isReading) return;
  isReading = true;
  try {
    while (isStale) {
      isStale = false;
      await read();
      await new Promise((done) => {
        hurry = done;
        setTimeout(done, PAUSE);
      });
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  } finally {
    isReading = false;
  }
  clearTimeout(nextReading);
  if (app.room?.busy || app.room?.speed === "max") nextReading = setTimeout(refresh, BUSY_PAUSE);
}

async function read() {
  const former = app.room;
  const room = await get("/api/room");
  if (former && former.room !== room.room) lastAnswer = null;
  app.room = room;
  app.readAt = performance.now();
  forgetUnsent();
  settlePlace(former);
  const { who, chat } = app;
  const query = { user: who, since: lastAnswer ?? Number.MAX_SAFE_INTEGER };
  const [view, answers] = await Promise.all([
    get("/api/chat", { chat, viewer: who, limit: app.limit }),
    get("/api/alerts", query),
  ]);
  if (who !== app.who || chat !== app.chat) {
    isStale = true;
    return;
  }
  app.view = view;
  const isNews = lastAnswer !== null && lastAnswer !== answers.last;
  lastAnswer = answers.last;
  changed();
  if (isNews) for (const watcher of alertWatchers) watcher(answers);
}

/** Older messages than `before` of the chat that is open. */
export function readOlder(before) {
  return get("/api/chat", { chat: app.chat, viewer: app.who, before, limit: FIRST_MESSAGES });
}

/** Posts; a refusal is shown to the reader and gives null. */
export async function send(path, body) {
  return attempt(() => post(path, body));
}

export async function attempt(deed) {
  try {
    const answer = await deed();
    refresh();
    return answer;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    for (const watcher of failWatchers) watcher(error.message);
    return null;
  }
}

/** Does something as the person one is, in the chat that is open. */
export function act(deed, chat = app.chat) {
  return send("/api/act", { user: app.who, chat, act: deed });
}

/** Opens the private chat by a start link. */
export async function follow(url) {
  go({ chat: app.who, pane: "chat" });
  return act({ follow: url }, app.who);
}

/** Whether a link opens the bot with a word for it. */
export function isStartLink(url) {
  return /^(https?:\/\/)?t\.me\/[^/?]+\?start=/.test(url) || /^tg:\/\/resolve\?.*start=/.test(url);
}
