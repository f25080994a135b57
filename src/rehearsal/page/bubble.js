// One message as Telegram shows it: bubble, quote of what it answers, files, buttons, time and marks.

import { app, person, unread } from "./app.js";
import { avatar, button, h, icon } from "./dom.js";
import { fileAddress } from "./net.js";
import { formatted } from "./text.js";
import { minutes, wall } from "./time.js";

/** A photo in a chat is at most so high, in CSS pixels. */
const PHOTO_HEIGHT = 360;
const OTHER = { sticker: ["sticker", "贴纸"], voice: ["voice", "语音"], location: ["location", "位置"] };

/**
 * `place` says whether the message is first or last of a run by one sender, and whether senders are named; `on` holds what its
 * parts do.
 */
export function bubble(message, place, on) {
  if (message.service) return serviceLine(message);
  const side = message.mine ? "out" : "in";
  const classes = ["message", side, place.isFirst && "first", place.isLast && "last"].filter(Boolean).join(" ");
  const by = message.by_bot ? "bot" : "person";
  const body = [
    place.isNamed && place.isFirst && !message.mine && sender(message),
    message.reply_to && replied(message.reply_to, on),
    message.photo && photo(message.photo, on),
    message.document && attachment(message.document),
    message.other && h("div", { class: "other" }, icon(OTHER[message.other][0], 34), OTHER[message.other][1]),
    message.text && words(message, on),
  ];
  return h(
    "article",
    { class: classes, data: { id: message.id }, "aria-label": spoken(message) },
    place.isNamed && !message.mine && (place.isLast ? avatar(message.from ?? 0, message.from_name, by) : h("span", { class: "avatar none" })),
    h(
      "div",
      { class: "stack" },
      h(
        "div",
        { class: message.photo && !message.text ? "bubble bare" : "bubble" },
        body,
        !message.text && marks(message),
        actions(message, on),
      ),
      message.keyboard.length > 0 && keyboard(message, on),
    ),
  );
}

/** For a screen reader: who and when; the text is read from the message itself. */
function spoken(message) {
  return `${message.mine ? "我" : message.from_name}，${minutes(wall(message.at))}`;
}

function serviceLine(message) {
  return h("div", { class: "service", data: { id: message.id } }, h("span", {}, message.service));
}

function sender(message) {
  const one = person(message.from);
  const colour = message.by_bot ? "bot" : Math.abs(message.from ?? 0) % 7;
  const tag = message.by_bot ? "机器人" : (one?.unit ?? "");
  return h(
    "div",
    { class: "sender" },
    h("span", { class: "name", data: { colour } }, message.from_name),
    tag && h("span", { class: "tag" }, tag),
  );
}

function replied(reply, on) {
  return button(
    { class: "replied", onclick: () => on.jump(reply.id), "aria-label": `回复 ${reply.from_name}：${reply.text}` },
    h("b", {}, reply.from_name),
    h("span", {}, reply.text),
  );
}

function words(message, on) {
  const key = `${app.chat}/${message.id}`;
  return h("div", { class: "text" }, formatted(message.text, message.entities, on, on.unfolded, key), marks(message));
}

function marks(message) {
  const at = wall(message.at);
  return h(
    "span",
    { class: "marks" },
    message.edited_at && h("span", { title: `${minutes(wall(message.edited_at))} 编辑` }, "已编辑"),
    message.pinned && h("span", { title: "已置顶", "aria-label": "已置顶" }, icon("pin", 13)),
    message.silent && h("span", { class: "silent", title: "静音送达，不响铃", "aria-label": "静音送达" }, icon("silent", 13)),
    h("time", { datetime: message.at }, minutes(at)),
    message.mine && icon("check", 14),
  );
}

/** Its place is as large as it will be before it has come, so that nothing moves when it comes. */
function photo(facts, on) {
  const address = fileAddress(facts.file_id);
  const scale = Math.min(1, PHOTO_HEIGHT / facts.height);
  const [width, height] = [facts.width, facts.height].map((side) => Math.round(side * scale));
  const image = h("img", { src: address, alt: "照片", width, height, loading: "lazy" });
  return button({ class: "photo", "aria-label": "放大照片", onclick: () => on.picture(address) }, image);
}

function attachment(facts) {
  const size = facts.size >= 1_000_000 ? `${(facts.size / 1_000_000).toFixed(1)} MB` : `${Math.max(1, Math.round(facts.size / 1000))} KB`;
  return h(
    "a",
    { class: "file", href: fileAddress(facts.file_id), download: facts.name ?? "file" },
    h("span", { class: "file-icon" }, icon("file", 24)),
    h("span", { class: "file-name" }, h("b", {}, facts.name ?? "文件"), h("small", {}, `${size} · 下载`)),
  );
}

function keyboard(message, on) {
  const rows = message.keyboard.map((row, rowAt) =>
    h(
      "div",
      { class: "row" },
      row.map((key, columnAt) =>
        button(
          {
            class: key.kind === "link" ? "key to-link" : "key",
            data: { key: `${message.id}/${rowAt}/${columnAt}` },
            onclick: (event) => on.tap(message, rowAt, columnAt, event.currentTarget),
          },
          h("span", {}, key.text),
          key.kind === "link" && icon("link", 12),
        ),
      ),
    ),
  );
  return h("div", { class: "keyboard", role: "group", "aria-label": "按钮" }, rows);
}

/** Reply and whatever else; seen when the pointer or the focus is here. */
function actions(message, on) {
  return h(
    "div",
    { class: "actions" },
    button({ "aria-label": "回复此条", title: "回复", onclick: () => on.reply(message) }, icon("reply", 18)),
    button({ "aria-label": "更多", title: "更多", "aria-haspopup": "menu", onclick: (event) => on.more(message, event.currentTarget) }, icon("more", 18)),
  );
}

/** Numbers beside a chat: blue when something sounded, grey when all came silently. */
export function badge(who, chat) {
  const count = unread(who, chat);
  if (!count.all) return null;
  const label = count.sounding ? `${count.all} 条未读，其中 ${count.sounding} 条有声` : `${count.all} 条未读，均为静音`;
  return h("span", { class: count.sounding ? "badge" : "badge quiet", title: label, "aria-label": label }, String(count.all));
}
