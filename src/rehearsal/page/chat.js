// The chat that is open: its head, the pinned message, its messages as they come and change.

import { act, app, follow, go, isGroup, isStartLink, markSeen, me, MOST_MESSAGES, now, onChange, person, readOlder, sees, standingOf, unread } from "./app.js";
import { bubble } from "./bubble.js";
import { beginEdit, beginReply } from "./composer.js";
import { avatar, byId, button, fill, h, icon } from "./dom.js";
import { announce, awaitAnswer, popup, showPicture, toast } from "./notices.js";
import { openPeople } from "./people.js";
import { day, midnight, moment, wall } from "./time.js";

/** Nearer to the end than this, the view goes on with new messages. */
const NEAR = 90;
/** One sender's messages within this time stand together. */
const RUN = 10 * 60_000;

/** How long what the bot is doing is shown. */
const ACTION_STAYS = 5_000;

let actionNumber = null;
let actionSince = 0;

/** Messages shown, by id; what stands for each; which quotes are open. */
let shown = new Map();
let elements = new Map();
let shownFor = "";
/** The room's time then; a room opened as it stood earlier is shown anew. */
let shownAt = 0;
let hasMore = false;
let isAtEnd = true;
let firstUnread = null;
let isReadingOlder = false;
const unfolded = new Set();

const messages = byId("messages");
const down = byId("down");

const on = {
  unfolded,
  link(address) {
    if (!isStartLink(address)) return false;
    follow(address);
    return true;
  },
  command: (words) => act({ say: words }),
  person(id) {
    const one = person(id);
    if (one) openPeople(one.name);
  },
  jump: jumpTo,
  picture: showPicture,
  reply: beginReply,
  tap,
  more,
};

export function startChat() {
  byId("chat-back").append(icon("back"));
  byId("chat-back").addEventListener("click", () => go({ pane: "list" }));
  byId("chat-tools").append(icon("tools"));
  byId("chat-tools").addEventListener("click", () => go({ pane: "tools" }));
  down.append(icon("down"), h("span", { class: "badge" }));
  down.addEventListener("click", () => toEnd(true));
  messages.addEventListener("scroll", scrolled, { passive: true });
  messages.addEventListener("dblclick", (event) => {
    const message = messageAt(event.target);
    if (message && getSelection().isCollapsed) beginReply(message);
  });
  messages.addEventListener("click", (event) => {
    const message = event.pointerType === "touch" && event.target.closest(".bubble") && messageAt(event.target);
    if (message && getSelection().isCollapsed && !event.target.closest(".folded")) {
      more(message, event.target.closest(".message").querySelector(".actions button:last-child"), event);
    }
  });
  messages.addEventListener("contextmenu", (event) => {
    const message = messageAt(event.target);
    if (!message || event.target.closest("a, img")) return;
    event.preventDefault();
    more(message, event.target.closest(".message").querySelector(".actions button:last-child"), event);
  });
  new ResizeObserver(() => isAtEnd && toEnd(false)).observe(messages);
  document.addEventListener("visibilitychange", () => app.room && show());
  onChange(show);
}

function messageAt(target) {
  const element = target.closest(".message");
  if (!element || target.closest("button, a")) return null;
  return shown.get(Number(element.dataset.id));
}

function show() {
  if (!app.room) return;
  head();
  pinnedBar();
  topicBar();
  const place = `${app.room.room}/${app.who}/${app.chat}`;
  const isNew = place !== shownFor || wall(app.room.now) < shownAt;
  shownAt = wall(app.room.now);
  if (!app.view) {
    if (isNew) messages.replaceChildren();
    return;
  }
  if (isNew) begin(place);
  merge(app.view);
  draw();
  if (isNew) settle();
  else if (isAtEnd) toEnd(false);
  seen();
}

// ── head ──

function head() {
  const isInGroup = isGroup(app.chat);
  const one = me();
  const group = app.room.groups.find((known) => known.id === app.chat);
  const title = app.view?.title ?? group?.title ?? "";
  const count = app.room.people.filter((each) => each.in_group).length;
  const bot = app.room.bot;
  const doing = actionWords(app.view?.action);
  const facts = [doing, bot.name, app.chat, title, count, group?.kind, group?.bot, bot.running, one?.name, one && standingOf(one)];
  fill(byId("chat-title"), facts, () => {
    const kind = group?.kind === "supergroup" ? "超级群" : "群组";
    const below = isInGroup ? `${kind} · ${count} 人` : bot.running ? "机器人" : "机器人已停止";
    return [
      avatar(app.chat, title, isInGroup ? "group" : "bot"),
      h("div", {}, h("h2", {}, isInGroup ? title : bot.name), h("p", {}, `${doing ?? below} · 我是${one?.name ?? ""}`)),
    ];
  });
}

const ACTIONS = { typing: "正在输入…", upload_document: "正在发送文件…", upload_photo: "正在发送照片…" };

/** What the bot is doing, for as long as Telegram shows it: the room's clock may stand still meanwhile. */
function actionWords(action) {
  if (!action) return null;
  if (action.number !== actionNumber) {
    actionNumber = action.number;
    actionSince = performance.now();
    setTimeout(() => app.room && head(), ACTION_STAYS);
  }
  const isOver = performance.now() - actionSince >= ACTION_STAYS;
  const words = isOver ? null : (ACTIONS[action.name] ?? null);
  return words && isGroup(app.chat) ? `${app.room.bot.name}${words}` : words;
}

function pinnedBar() {
  const pinned = app.view?.pinned ?? null;
  const bar = byId("pinned");
  bar.hidden = !pinned;
  fill(bar, pinned, () => pinned && [icon("pin", 18), h("span", {}, h("b", {}, "置顶消息"), h("small", {}, pinned.text))]);
  bar.onclick = () => pinned && jumpTo(pinned.id);
}

/** In a group with topics: which one is shown and written into. */
function topicBar() {
  const bar = byId("topics");
  const topics = app.view?.topics ?? [];
  bar.hidden = topics.length === 0;
  const all = [{ id: null, name: "全部" }, ...topics];
  fill(bar, [topics, app.topic], () =>
    all.map(({ id, name }) =>
      button({ "aria-pressed": String(app.topic === id), data: { key: `topic/${id}` }, onclick: () => chooseTopic(id) }, name),
    ),
  );
}

function chooseTopic(id) {
  app.topic = id;
  shownFor = "";
  go({});
}

// ── messages ──

function begin(place) {
  shownFor = place;
  shown = new Map();
  elements = new Map();
  messages.replaceChildren();
  isAtEnd = true;
  firstUnread = unreadFrom(app.view.messages, unread(app.who, app.chat).all);
}

/** The first of the newest `count` messages of the bot, if something stands before it. */
function unreadFrom(list, count) {
  let left = count;
  for (let at = list.length - 1; at > 0 && left > 0; at -= 1) {
    if (list[at].by_bot) left -= 1;
    if (left === 0) return list[at].id;
  }
  return null;
}

function merge(view) {
  const oldest = view.messages[0]?.id ?? 0;
  const newestKnown = Math.max(0, ...shown.keys());
  const added = view.messages.filter((message) => message.id > newestKnown);
  // With a gap between what is shown and what is read, the rest is read again on demand.
  if (oldest > newestKnown && view.more) shown.clear();
  for (const id of shown.keys()) if (id >= oldest) shown.delete(id);
  if (!view.messages.length) shown.clear();
  for (const message of view.messages) shown.set(message.id, message);
  shown = new Map([...shown].sort(([a], [b]) => a - b));
  if (![...shown.keys()].some((id) => id < oldest)) hasMore = view.more;
  if (newestKnown > 0) told(added);
}

function told(added) {
  const heard = added.filter((message) => !message.mine && !message.service);
  if (heard.length) announce(heard.map((message) => `${message.from_name}：${message.text}`).join("\n"));
  // One's own words are always followed.
  if (added.some((message) => message.mine)) isAtEnd = true;
  if (!isAtEnd) newBelow += heard.length;
}

function draw() {
  const list = [...shown.values()].filter((one) => !app.topic || one.topic === app.topic || one.id === app.topic);
  const isNamed = isGroup(app.chat);
  const wanted = [];
  if (!list.length) wanted.push(element("empty", { kind: app.view.kind, isSeen: sees(app.who, app.chat) }, emptyChat));
  list.forEach((message, at) => {
    const before = list[at - 1];
    const after = list[at + 1];
    const today = midnight(wall(message.at));
    if (!before || midnight(wall(before.at)) !== today) wanted.push(element(`day/${today}`, day(today, now()), dayLine));
    if (message.id === firstUnread) wanted.push(element("unread", "未读消息", unreadLine));
    const place = { isFirst: !joins(before, message) || message.id === firstUnread, isLast: !joins(message, after), isNamed };
    wanted.push(element(message.id, { message, place }, (facts) => bubble(facts.message, facts.place, on)));
  });
  arrange(wanted);
}

/** The element for a key, made anew only when its facts changed. */
function element(key, facts, make) {
  const mark = JSON.stringify(facts);
  const known = elements.get(key);
  if (known?.mark === mark) return known.node;
  const node = make(facts);
  elements.set(key, { mark, node });
  return node;
}

/** Puts the wanted nodes in their order, touching only what moved. */
function arrange(wanted) {
  const height = messages.scrollHeight;
  const top = messages.scrollTop;
  const focused = messages.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const firstKept = messages.firstElementChild;
  const keep = new Set(wanted);
  for (const node of [...messages.children]) if (!keep.has(node)) node.remove();
  wanted.forEach((node, at) => {
    if (messages.children[at] !== node) messages.insertBefore(node, messages.children[at] ?? null);
  });
  // Older messages above do not move what is read.
  const grewAbove = firstKept && firstKept !== messages.firstElementChild && isReadingOlder;
  if (grewAbove) messages.scrollTop = top + messages.scrollHeight - height;
  oneDayAtTop();
  if (focused) messages.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function joins(one, next) {
  if (!one || !next || one.service || next.service) return false;
  const [from, to] = [wall(one.at), wall(next.at)];
  return one.from === next.from && one.topic === next.topic && to - from < RUN && midnight(from) === midnight(to);
}

const dayLine = (words) => h("div", { class: "day" }, h("span", {}, words));
const unreadLine = (words) => h("div", { class: "unread-line" }, words);

function emptyChat({ kind, isSeen }) {
  const group = isSeen ? "群里还没有消息。" : "进群以后才看得到群里的消息。";
  const words = kind === "group" ? group : "这里还没有消息。机器人不能先开口：本人点“开始”以后，才收得到它的消息。";
  return h("div", { class: "empty" }, h("span", {}, words));
}

// ── where one reads ──

let newBelow = 0;

/** At the top stands the day one reads: where the next day comes up, it takes the place of the one before. */
function oneDayAtTop() {
  const days = [...messages.querySelectorAll(".day")];
  const boxes = days.map((each) => each.getBoundingClientRect());
  days.forEach((each, at) => each.classList.toggle("gone", boxes[at + 1]?.top < boxes[at].bottom));
}

function scrolled() {
  oneDayAtTop();
  isAtEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < NEAR;
  if (isAtEnd) newBelow = 0;
  showDown();
  seen();
  if (messages.scrollTop < 300 && hasMore && !isReadingOlder) readMore();
}

function showDown() {
  down.hidden = isAtEnd;
  const badge = down.querySelector(".badge");
  badge.hidden = newBelow === 0;
  badge.textContent = String(newBelow);
}

function toEnd(isSmooth) {
  newBelow = 0;
  messages.scrollTo({ top: messages.scrollHeight, behavior: isSmooth ? "smooth" : "instant" });
  isAtEnd = true;
  showDown();
}

/** A chat just opened: at what is new, else at its end. */
function settle() {
  newBelow = 0;
  const line = elements.get("unread")?.node;
  toEnd(false);
  if (firstUnread && line?.isConnected && line.offsetTop < messages.scrollTop + 44) {
    messages.scrollTop = line.offsetTop - 44;
    scrolled();
  }
}

async function readMore() {
  isReadingOlder = true;
  const place = shownFor;
  const before = Math.min(...shown.keys());
  const view = await readOlder(before).catch(() => null);
  if (view && place === shownFor) {
    for (const message of view.messages) shown.set(message.id, message);
    shown = new Map([...shown].sort(([a], [b]) => a - b));
    hasMore = view.more;
    app.limit = Math.min(MOST_MESSAGES, shown.size);
    draw();
  }
  isReadingOlder = false;
}

/** All is seen once the newest message begins on the screen, in a tab that shows. */
function seen() {
  const newest = messages.lastElementChild;
  if (!app.view || !newest || messages.offsetParent === null || document.visibilityState !== "visible") return;
  if (newest.offsetTop < messages.scrollTop + messages.clientHeight - NEAR / 2) markSeen(app.who, app.chat);
}

function jumpTo(id) {
  const node = elements.get(id)?.node;
  if (!node?.isConnected) {
    toast("那条消息不在已读出的部分，请向上翻。");
    return;
  }
  node.scrollIntoView({ block: "center", behavior: "smooth" });
  node.classList.remove("found");
  void node.offsetWidth;
  node.classList.add("found");
}

// ── what one does with a message ──

async function tap(message, row, column, key) {
  key.classList.add("busy");
  key.setAttribute("aria-busy", "true");
  const done = () => {
    key.classList.remove("busy");
    key.removeAttribute("aria-busy");
  };
  const answer = await act({ tap: { message: message.id, row, column } });
  if (answer?.link) open(answer.link);
  if (answer?.query) awaitAnswer(answer.query, done);
  else done();
}

function open(link) {
  if (isStartLink(link)) follow(link);
  else window.open(link, "_blank", "noopener,noreferrer");
}

function more(message, anchor, pointer) {
  const items = [{ icon: "reply", words: "回复", deed: () => beginReply(message) }];
  if (message.mine && message.text) items.push({ icon: "edit", words: "编辑", deed: () => beginEdit(message) });
  if (message.text) items.push({ icon: "copy", words: "复制文字", deed: () => copy(message.text) });
  const facts = [moment(wall(message.at), now())];
  if (message.by_bot) facts.push(message.silent ? "静音送达" : "有声送达");
  if (message.edited_at) facts.push(`${moment(wall(message.edited_at), now())} 编辑`);
  popup(anchor, items, facts.join(" · "), pointer);
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast("已复制。");
}

