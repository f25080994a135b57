// Take it away: save the room, open one, export the transcript, play a script.

import { app, go, onChange, person, send } from "./app.js";
import { button, fill, h, icon } from "./dom.js";
import { confirmed, toast } from "./notices.js";
import { sheet } from "./tabs.js";

const EXAMPLE = "@ 2026-11-23 09:00\n李俊卿> [填 6-1]\n李俊卿> 8座\n栾频# /status";
const FOLLOW_KEY = "duban-follow-script";

const nameField = h("input", { type: "text", placeholder: "起个名字", "aria-label": "保存的名字", maxlength: "60", required: true });
const savedList = h("div", {});
const scriptField = h("textarea", { rows: "7", placeholder: EXAMPLE, "aria-label": "剧本", spellcheck: "false" });
const scriptFile = h("input", { type: "file", accept: ".txt,.script,text/plain", hidden: true });
const progress = h("div", { class: "progress", "aria-live": "polite" });
const followBox = h("input", { type: "checkbox" });
let scriptName = "";
let followed = "";

export function startKeeping() {
  followBox.checked = localStorage.getItem(FOLLOW_KEY) !== "no";
  followBox.addEventListener("change", () => localStorage.setItem(FOLLOW_KEY, followBox.checked ? "yes" : "no"));
  scriptFile.addEventListener("change", readScript);
  sheet("keeping").append(
    h("h3", {}, "保存和打开"),
    h("p", { class: "hint" }, "保存数据库、聊天和时钟，以后可以接着预演。"),
    h("form", { class: "jump", onsubmit: save }, nameField, h("button", { type: "submit" }, "保存")),
    savedList,
    h("h3", {}, "导出"),
    h("a", { class: "deed", href: "/api/transcript", download: "transcript.txt" }, h("b", {}, "导出全部聊天"), h("small", {}, "纯文本，按时间排列")),
    h("h3", {}, "剧本"),
    h("p", { class: "hint" }, "每行一个时间、一个人的话或一次点按，与测试用的剧本同一格式。"),
    scriptField,
    scriptFile,
    h("div", { class: "pair" }, button({ onclick: () => scriptFile.click() }, icon("file", 18), "选文件"), button({ class: "primary", onclick: play }, "播放")),
    h("label", { class: "check" }, followBox, "跟着剧本换人、换会话"),
    progress,
  );
  onChange(show);
}

function show() {
  if (!app.room) return;
  fill(savedList, app.room.saved, (names) => names.length > 0 && h("ul", { class: "saved" }, names.map(savedRow)));
  const { script } = app.room;
  fill(progress, script, () => script && progressLines(script));
  if (script && !script.error && app.room.busy && followBox.checked) followScript(script);
}

async function save(event) {
  event.preventDefault();
  const name = nameField.value.trim();
  if (await send("/api/save", { name })) toast(`已保存“${name}”。`);
}

function savedRow(name) {
  const open = async () => {
    if (!(await confirmed(`打开“${name}”？现在的预演若未保存就没有了。`, "打开"))) return;
    if (await send("/api/open", { name })) toast(`已打开“${name}”。`);
  };
  return h("li", {}, h("span", {}, name), button({ "aria-label": `打开 ${name}`, data: { key: `saved/${name}` }, onclick: open }, "打开"));
}

async function readScript() {
  const [file] = scriptFile.files;
  if (!file) return;
  scriptName = file.name;
  scriptField.value = await file.text();
  scriptFile.value = "";
}

async function play() {
  if (!scriptField.value.trim()) {
    toast("先粘贴或选一个剧本。", "error");
    return;
  }
  await send("/api/script", { text: scriptField.value, name: scriptName });
}

function progressLines(script) {
  const share = script.lines ? Math.round((script.line / script.lines) * 100) : 0;
  const isOver = script.line >= script.lines;
  return [
    h("progress", { max: "100", value: String(share), "aria-label": "剧本进度" }),
    h("p", {}, `${script.name ? `${script.name} · ` : ""}第 ${script.line}/${script.lines} 行`, isOver && !script.error ? "，已播完" : ""),
    h("code", {}, script.text),
    script.error && h("p", { class: "error" }, script.error),
    !isOver && !script.error && button({ onclick: () => send("/api/script", { stop: true }) }, "停止"),
  ];
}

/** Looks over the shoulder of whoever acts in the script. */
function followScript(script) {
  const mark = `${script.line}/${script.text}`;
  if (mark === followed) return;
  followed = mark;
  const [, name, where] = /^([^>#@!\s]+)([>#])/.exec(script.text) ?? [];
  const one = app.room.people.find((each) => each.name === name);
  if (!one) return;
  const group = app.room.groups.find((each) => each.is_current);
  const chat = where === "#" && group ? group.id : one.id;
  if (person(one.id) && (app.who !== one.id || app.chat !== chat)) go({ who: one.id, chat, pane: "chat" });
}
