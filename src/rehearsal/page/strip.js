// The line above everything, only when there is something to know: no connection, violations, a fault, a jump, a script.

import { app, go, onChange, send } from "./app.js";
import { byId, button, fill, h } from "./dom.js";
import { openSheet } from "./tabs.js";
import { instant, moment, wall } from "./time.js";

export function startStrip() {
  onChange(show);
}

startStrip.show = show;

function show() {
  fill(byId("strip"), facts(), (lines) => lines.map(line));
}

function facts() {
  if (!app.connected) return [{ colour: "red", words: "与预演室的连接断开，正在重连…" }];
  if (!app.room) return [];
  const { violations, bot, faults, script, busy, speed, until, now } = app.room;
  const lines = [];
  if (violations.length) {
    const words = `违反 Bot API 规则 ${violations.length} 处：${violations.at(-1).what}`;
    lines.push({ colour: "red", words, sheet: "delivery" });
  }
  if (!bot.running) lines.push({ colour: "amber", words: "机器人已停止。此时发的消息要等它启动后才收到。", sheet: "faults" });
  const limit = faults.rate_limited_until;
  if (limit) {
    const waits = speed === "paused" && !busy ? "时钟停着，拨过这个时间才补发。" : "到时自动补发。";
    lines.push({ colour: "amber", words: `Telegram 限流到 ${instant(wall(limit), wall(now))}。${waits}`, sheet: "delivery" });
  }
  if (faults.down) lines.push({ colour: "amber", words: "Telegram 断线中，机器人收不到也发不出。", sheet: "faults" });
  if (script && (script.error || (busy && script.line < script.lines))) {
    const at = `剧本${script.name ? `“${script.name}”` : ""} ${script.line}/${script.lines}`;
    lines.push({ colour: script.error ? "red" : "blue", words: `${at}　${script.error ?? script.text}`, sheet: "keeping", isScript: !script.error });
  } else if (busy && until) {
    lines.push({ colour: "blue", words: `正在走到 ${moment(wall(until), wall(now))} …` });
  }
  return lines;
}

function line({ colour, words, sheet, isScript }) {
  const open = () => {
    openSheet(sheet);
    go({ pane: "tools" });
  };
  return h(
    "div",
    { class: "strip-line", data: { colour } },
    h("span", {}, words),
    isScript && button({ onclick: () => send("/api/script", { stop: true }) }, "停止"),
    sheet && button({ onclick: open }, "查看"),
  );
}
