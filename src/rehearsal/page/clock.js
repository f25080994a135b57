// The clock: what time it is in the room, how fast it runs, where to jump, and what the bot will send next.

import { app, now, onChange, send } from "./app.js";
import { byId, button, fill, h, icon } from "./dom.js";
import { toast } from "./notices.js";
import { sheet } from "./tabs.js";
import { day, field, landmarks, longDay, midnight, minutes, moment, parsed, seconds, stamp, wall, weekday, written } from "./time.js";

const SPEEDS = [
  ["paused", "暂停", "时钟停住"],
  ["1", "1×", "与真实时间一样快"],
  ["60", "60×", "一秒走一分钟"],
  ["3600", "3600×", "一秒走一小时"],
  ["max", "最快", "从一件事直接到下一件事，一件不漏"],
];
const TICK = 250;

const face = h("div", { class: "face", role: "timer", "aria-label": "上海时间" });
const speeds = h("div", { class: "speeds", role: "group", "aria-label": "时钟快慢" });
const next = button({ class: "primary wide" });
// The browser's own field would write the date in the browser's language; its calendar is at hand all the same.
const target = h("input", { type: "text", "aria-label": "跳到的日期和时间", placeholder: "2026-11-27 16:01", autocomplete: "off", spellcheck: "false" });
const calendar = h("input", { type: "datetime-local", tabindex: "-1", "aria-hidden": "true" });
const marks = h("div", { class: "landmarks" });

export function startClock() {
  const opener = button({ class: "round", "aria-label": "从日历上选", title: "从日历上选", onclick: openCalendar }, icon("calendar", 20));
  const when = h("div", { class: "when" }, target, calendar, opener);
  const jump = h("form", { class: "jump", novalidate: true, onsubmit: jumpToField }, when, h("button", { type: "submit" }, "跳到"));
  calendar.addEventListener("change", () => {
    if (calendar.value) target.value = calendar.value.replace("T", " ");
  });
  byId("clock").append(face, speeds, next, jump, marks);
  next.addEventListener("click", () => send("/api/clock", { jump: "next" }));
  onChange(show);
  setInterval(() => app.room && showFace(), TICK);
}

function show() {
  if (!app.room) return;
  showFace();
  const { speed, busy } = app.room;
  fill(speeds, [speed], () =>
    SPEEDS.map(([name, words, title]) =>
      button({ title, "aria-pressed": String(name === speed), data: { key: `speed/${name}` }, onclick: () => send("/api/clock", { speed: name }) }, words),
    ),
  );
  showNext(busy);
  const isPast = (parsed(target.value) ?? Infinity) < now();
  if (document.activeElement !== target && (isPast || !target.value)) target.value = stamp(now());
  const today = midnight(now());
  fill(marks, [today, minutes(now())], () => landmarks(now()).map(({ name, at }) => button({ onclick: () => jumpTo(at) }, name)));
  showPlan();
}

function showFace() {
  const at = now();
  fill(face, [seconds(at), longDay(at)], () => [
    h("time", { class: "hands", datetime: new Date(at).toISOString().slice(0, 19) }, minutes(at), h("small", {}, seconds(at).slice(5))),
    h("span", { class: "date" }, h("b", {}, weekday(at)), h("span", {}, longDay(at)), h("small", {}, "上海时间")),
  ]);
}

function showNext(isBusy) {
  const [planned] = app.room.planned;
  next.disabled = isBusy || !planned;
  fill(next, [planned, isBusy], () => [
    h("b", {}, isBusy ? "正在走…" : "跳到下一次发送"),
    planned && !isBusy && h("small", {}, moment(wall(planned.at), now())),
  ]);
}

function jumpToField(event) {
  event.preventDefault();
  const at = parsed(target.value);
  if (at === null) toast("日期要写成 2026-11-27 16:01。", "error");
  else jumpTo(at);
}

function openCalendar() {
  calendar.value = field(parsed(target.value) ?? now());
  calendar.showPicker();
}

function jumpTo(at) {
  if (at <= now()) {
    toast("时钟只能向前拨。要回到从前，请打开保存过的预演。", "error");
    return null;
  }
  return send("/api/clock", { jump: written(at) });
}

/** The next sends, each with a way to it. */
function showPlan() {
  const { planned, bot } = app.room;
  fill(sheet("plan"), [planned, bot.running, midnight(now())], () => [
    h("h3", {}, "接下来的发送"),
    planned.length
      ? h("ol", { class: "plan" }, planned.map(plannedRow))
      : h("p", { class: "hint" }, bot.running ? "没有计划中的发送。由专班办公室用 /golive 正式启用后，才会主动发送。" : "机器人已停止，什么也不会发。"),
  ]);
}

function plannedRow(planned) {
  const at = wall(planned.at);
  return h(
    "li",
    {},
    h("time", { datetime: planned.at }, h("b", {}, day(at, now())), minutes(at)),
    h("span", {}, planned.what),
    button({ "aria-label": `跳到 ${moment(at, now())}`, data: { key: `plan/${planned.at}/${planned.what}` }, onclick: () => jumpTo(at) }, icon("clock", 16), "跳到"),
  );
}
