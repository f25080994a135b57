// What becomes of messages on the way: violations of the Bot API's rules, the queue, the calls.

import { app, onChange } from "./app.js";
import { fill, h } from "./dom.js";
import { sheet } from "./tabs.js";
import { instant, moment, seconds, wall } from "./time.js";

const KINDS = { answer: "答复", reminder: "提醒", digest: "周报", status: "总体进度", line: "群内一行", document: "文件", slip: "督办单" };
const STATES = {
  waiting: "等待发送",
  sending: "正在发送",
  unknown: "不知是否送达",
  dead: "送不出去",
  withdrawn: "已撤回",
  sent: "最终送达",
};

export function startDelivery() {
  onChange(() => {
    if (!app.room) return;
    const { violations, queue, calls, strict } = app.room;
    fill(sheet("delivery"), { violations, queue, calls, strict }, (facts) => [
      ...violationList(facts),
      h("h3", {}, "发送队列"),
      queue.length ? h("ul", { class: "log" }, queue.map(queued)) : h("p", { class: "hint" }, "没有在途和受阻的消息。"),
      h("h3", {}, "最近的调用"),
      calls.length ? h("ul", { class: "log" }, [...calls].reverse().map(called)) : h("p", { class: "hint" }, "还没有调用。"),
    ]);
  });
}

function violationList({ violations, strict }) {
  const words = strict ? "没有。严格模式：有一处，预演即以失败结束。" : "没有。";
  return [
    h("h3", {}, "违反 Bot API 规则"),
    violations.length
      ? [h("p", { class: "hint" }, "这是程序的差错，不是操作的差错：请把下面的原文转给维护程序的人。"), h("ul", { class: "log violations" }, violations.map(violation))]
      : h("p", { class: "hint good" }, words),
  ];
}

function violation({ at, method, what }) {
  return h("li", { class: "red" }, h("p", {}, h("time", {}, moment(wall(at))), h("b", {}, method)), h("p", {}, what));
}

function queued(row) {
  const trouble = ["unknown", "dead"].includes(row.state) ? "red" : row.error || row.state === "withdrawn" ? "amber" : "";
  const later = row.state === "waiting" && row.not_before ? `不早于 ${instant(wall(row.not_before), wall(app.room.now))}` : "";
  const facts = [`${moment(wall(row.since))} 入队`, row.attempts ? `试了 ${row.attempts} 次` : "", later, row.sent_at ? `${seconds(wall(row.sent_at))} 送达` : ""];
  return h(
    "li",
    { class: trouble },
    h("p", {}, h("b", {}, row.chat_title), h("span", { class: "chip" }, KINDS[row.kind] ?? row.kind), h("span", { class: `chip ${row.state}` }, STATES[row.state] ?? row.state)),
    h("p", { class: "small" }, facts.filter(Boolean).join(" · ")),
    row.error && h("p", { class: "small error" }, row.error === "429" ? "被 Telegram 限流（429）" : row.error),
  );
}

function called(call) {
  const isGood = call.outcome === "ok";
  return h(
    "li",
    { class: isGood ? "" : call.outcome ? "amber" : "" },
    h("p", {}, h("time", {}, seconds(wall(call.at))), h("code", {}, call.method), h("span", { class: isGood ? "chip sent" : "chip" }, isGood ? "成功" : call.outcome || "等待中")),
    (call.chat_title || call.text) && h("p", { class: "small" }, [call.chat_title, untagged(call.text)].filter(Boolean).join("：")),
  );
}

/** The beginning of a text without its markup, the last tag perhaps cut. */
function untagged(text) {
  const entities = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };
  return text?.replace(/<[^>]*(>|$)/g, "").replace(/&(lt|gt|quot|amp);/g, (entity) => entities[entity]);
}
