// Where one writes: the field, the bar above it for a reply or an edit, the command menu, files; or why one cannot write here.

import { act, app, attempt, currentGroup, isGroup, me, onChange, send } from "./app.js";
import { byId, button, fill, h, icon } from "./dom.js";
import { upload } from "./net.js";
import { popup, toast } from "./notices.js";

const MOST_HEIGHT = 160;
const MOST_BYTES = 20 * 1024 * 1024;

/** What the next words are for: `{kind: "reply" | "edit", message: {id, from_name, text}}`, or nothing. */
let purpose = null;
/** Whose draft stands in the field. */
let draftKey = "";
/** The question whose reply bar was opened or closed already. */
let asked = null;
let chosen = 0;

const field = h("textarea", { rows: "1", placeholder: "写消息…", "aria-label": "写消息", enterkeyhint: "send", autocomplete: "off" });
const bar = h("div", { class: "purpose", hidden: true });
const commands = h("div", { class: "commands", role: "listbox", "aria-label": "命令", hidden: true });
const menuButton = button({ class: "menu-button", "aria-label": "命令菜单", title: "命令菜单" }, icon("slash", 20), h("span", {}, "菜单"));
const attachButton = button({ class: "round", "aria-label": "发送照片或文件", "aria-haspopup": "menu" }, icon("attach"));
const sendButton = button({ class: "round send", "aria-label": "发送" }, icon("send"));
const picker = h("input", { type: "file", hidden: true });
const writing = h("div", { class: "writing" }, menuButton, field, attachButton, sendButton, picker);
const gate = h("div", { class: "gate", hidden: true });

export function startComposer() {
  byId("composer").append(commands, bar, writing, gate);
  field.addEventListener("input", typed);
  field.addEventListener("keydown", pressed);
  field.addEventListener("paste", (event) => take(event.clipboardData.files, event));
  byId("chat").addEventListener("dragover", (event) => event.preventDefault());
  byId("chat").addEventListener("drop", (event) => take(event.dataTransfer.files, event));
  sendButton.addEventListener("click", submit);
  menuButton.addEventListener("click", toggleMenu);
  attachButton.addEventListener("click", attachMenu);
  picker.addEventListener("change", () => {
    for (const file of picker.files) sendFile(file, picker.accept ? "photo" : "document");
    picker.value = "";
  });
  onChange(show);
}

// ── whether one can write here ──

function show() {
  if (!app.room) return;
  const closed = barrier();
  writing.hidden = closed !== null;
  gate.hidden = closed === null;
  fill(gate, closed && closed.words + closed.button, () => closed && [closed.words && h("p", {}, closed.words), closed.button && button({ class: "primary", onclick: closed.deed }, closed.button)]);
  restoreDraft();
  const question = app.view?.force_reply ?? null;
  if (question !== null && question.id !== asked) openQuestion(question.id);
  if (question === null && purpose?.isAsked) setPurpose(null);
  field.placeholder = (purpose?.isAsked && question?.placeholder) || "写消息…";
  menuButton.hidden = !app.view?.menu.length;
  menuButton.classList.toggle("small", isGroup(app.chat));
  showCommands();
}

/** Why one cannot write here, in Telegram's way: a large button in place of the field. */
function barrier() {
  const one = me();
  if (!isGroup(app.chat)) {
    if (one.blocked) return { words: "", button: "重新启用机器人", deed: () => member("unblock") };
    if (!one.started) return { words: "", button: "开始", deed: () => act("start", app.who) };
    return null;
  }
  if (app.chat !== currentGroup()?.id) return { words: "这个群已升级，请到新群里说话。" };
  if (!one.in_group) return { words: `${one.name}不在这个群里。`, button: "加入群组", deed: () => member("join") };
  return null;
}

const member = (what) => send("/api/member", { user: app.who, do: what });

// ── reply and edit ──

export function beginReply(message) {
  setPurpose({ kind: "reply", message });
}

export function beginEdit(message) {
  setPurpose({ kind: "edit", message });
  setText(message.text);
}

function openQuestion(id) {
  asked = id;
  const message = app.view.messages.find((one) => one.id === id);
  if (message) setPurpose({ kind: "reply", message, isAsked: true });
}

function setPurpose(next) {
  if (purpose?.kind === "edit" && next === null) setText("");
  purpose = next;
  bar.hidden = next === null;
  const heading = next?.kind === "edit" ? "编辑消息" : `回复 ${next?.message.from_name ?? ""}`;
  bar.replaceChildren(
    ...(next
      ? [
          icon(next.kind, 20),
          h("span", {}, h("b", {}, heading), h("small", {}, next.message.text.slice(0, 80))),
          button({ class: "round", "aria-label": "取消", onclick: () => setPurpose(null) }, icon("close", 20)),
        ]
      : []),
  );
  if (next && !matchMedia("(pointer: coarse)").matches) field.focus();
}

// ── the field ──

const keyOfDraft = () => `duban-draft-${app.room.room}/${app.who}/${app.chat}`;

function restoreDraft() {
  if (draftKey === keyOfDraft()) return;
  draftKey = keyOfDraft();
  asked = null;
  setPurpose(null);
  setText(localStorage.getItem(draftKey) ?? "");
}

function setText(text) {
  field.value = text;
  typed();
}

function typed() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, MOST_HEIGHT)}px`;
  if (purpose?.kind !== "edit") {
    if (field.value) localStorage.setItem(draftKey, field.value);
    else localStorage.removeItem(draftKey);
  }
  sendButton.disabled = !field.value.trim();
  chosen = 0;
  showCommands();
}

function pressed(event) {
  // Enter that ends the choice of a Chinese word does not send.
  if (event.isComposing || event.keyCode === 229) return;
  const list = matching();
  if (list.length && !commands.hidden && event.key.startsWith("Arrow")) {
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + list.length) % list.length;
    showCommands();
  } else if (list.length && !commands.hidden && event.key === "Tab") {
    setText(`/${list[chosen].command} `);
  } else if (event.key === "Enter" && !event.shiftKey) {
    if (list.length && !commands.hidden && field.value.trim() !== `/${list[chosen].command}`) say(`/${list[chosen].command}`);
    else submit();
  } else if (event.key === "Escape") {
    if (!commands.hidden) setText("");
    else if (purpose) setPurpose(null);
    else return;
  } else if (event.key === "ArrowUp" && !field.value) {
    const own = app.view?.messages.findLast((one) => one.mine && one.text);
    if (!own) return;
    beginEdit(own);
  } else return;
  event.preventDefault();
}

async function submit() {
  const text = field.value.trim();
  if (!text) return;
  if (purpose?.kind === "edit") {
    const { message } = purpose;
    setPurpose(null);
    await act({ edit: { message: message.id, text } });
    return;
  }
  const sent = await say(text, purpose?.message.id);
  if (!sent) setText(text);
}

function say(text, replyTo) {
  setPurpose(null);
  setText("");
  const deed = { say: text };
  if (replyTo) deed.reply_to = replyTo;
  if (app.topic && isGroup(app.chat)) deed.topic = app.topic;
  return act(deed);
}

// ── commands ──

function matching() {
  const typedWord = field.value;
  if (!typedWord.startsWith("/") || typedWord.includes(" ")) return [];
  return (app.view?.menu ?? []).filter((one) => `/${one.command}`.startsWith(typedWord));
}

function showCommands() {
  const list = matching();
  commands.hidden = list.length === 0;
  menuButton.setAttribute("aria-expanded", String(!commands.hidden));
  fill(commands, [list, chosen], () =>
    list.map((one, at) =>
      button(
        { role: "option", "aria-selected": String(at === chosen), tabindex: "-1", onclick: () => say(`/${one.command}`) },
        h("b", {}, `/${one.command}`),
        h("span", {}, one.description),
      ),
    ),
  );
  commands.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
}

function toggleMenu() {
  setText(commands.hidden ? "/" : "");
  field.focus();
}

// ── photos and files ──

function attachMenu() {
  popup(attachButton, [
    { icon: "photo", words: "照片", deed: () => pick("image/png,image/jpeg") },
    { icon: "file", words: "文件", deed: () => pick("") },
    { icon: "sticker", words: "贴纸", deed: () => act({ send: "sticker" }) },
    { icon: "voice", words: "语音", deed: () => act({ send: "voice" }) },
    { icon: "location", words: "位置", deed: () => act({ send: "location" }) },
  ]);
}

function pick(accept) {
  picker.accept = accept;
  picker.multiple = true;
  picker.click();
}

/** Files pasted or dropped. */
function take(files, event) {
  if (!files?.length || writing.hidden) return;
  event.preventDefault();
  for (const file of files) sendFile(file, /^image\/(png|jpeg)$/.test(file.type) ? "photo" : "document");
}

/** The words in the field go along as the caption. */
async function sendFile(file, kind) {
  if (file.size > MOST_BYTES) {
    toast("文件太大：最多 20 MB。", "error");
    return;
  }
  const query = { user: app.who, chat: app.chat, kind, name: file.name, caption: field.value.trim() };
  setText("");
  await attempt(() => upload(query, file));
}

