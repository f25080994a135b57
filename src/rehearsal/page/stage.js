// What can go wrong and who is there: faults of Telegram and of the bot, the group, the person one is.

import { app, currentGroup, follow, go, me, onChange, send, standingOf } from "./app.js";
import { button, fill, h } from "./dom.js";
import { confirmed } from "./notices.js";
import { openPeople } from "./people.js";
import { sheet } from "./tabs.js";
import { instant, wall } from "./time.js";

export function startStage() {
  onChange(() => {
    if (!app.room) return;
    const { faults, bot, now, privacy } = app.room;
    fill(sheet("faults"), { faults, bot, one: me() }, () => [...telegramFaults(faults, now), ...botFaults(bot), ...personFault(me())]);
    fill(sheet("cast"), { group: currentGroup(), one: me(), privacy, bot }, () => [...groupTools(currentGroup(), privacy), ...personTools(me()), ...firstStart(bot)]);
  });
}

const breaks = (body) => () => send("/api/break", body);

/** Something that is on or off. */
function toggle(words, hint, isOn, deed) {
  return button(
    { class: "toggle", role: "switch", "aria-checked": String(isOn), data: { key: words }, onclick: deed },
    h("span", {}, h("b", {}, words), h("small", {}, hint)),
    h("span", { class: "lever" }),
  );
}

/** Something that is done once. */
function deed(words, hint, act, danger = false) {
  return button({ class: danger ? "deed danger" : "deed", data: { key: words }, onclick: act }, h("b", {}, words), hint && h("small", {}, hint));
}

function telegramFaults(faults, now) {
  const limit = faults.rate_limited_until;
  return [
    h("h3", {}, "Telegram"),
    toggle("Telegram 断线", "机器人收不到、发不出，恢复后补上", faults.down, breaks({ down: !faults.down })),
    toggle("回应变慢", "每次调用都要等很久", faults.slow, breaks({ slow: !faults.slow })),
    deed("限流 30 秒", limit ? `限流到 ${instant(wall(limit), wall(now))}` : "Telegram 要求 30 秒内不要再发", breaks({ rate_limit: 30 })),
  ];
}

function botFaults(bot) {
  return [
    h("h3", {}, "机器人"),
    deed("结束并重启机器人", "像断电一样立即结束，再从数据库接着来；手里没办完的，时钟走过一分钟才接手", breaks({ restart: "kill" })),
    toggle("机器人运行", bot.running ? "正在运行" : "已停止，消息在 Telegram 那边等着", bot.running, breaks(bot.running ? { stop: true } : { start: true })),
  ];
}

function personFault(one) {
  return [h("h3", {}, `现在是${one.name}`), blocking(one)];
}

const member = (what) => send("/api/member", { user: app.who, do: what });

function blocking(one) {
  const hint = one.started ? "私聊里的消息送不到此人" : "还没有打开私聊";
  return toggle("此人停用机器人", hint, one.blocked, () => member(one.blocked ? "unblock" : "block"));
}

const BOT_STANDINGS = {
  member: "普通成员",
  administrator: "管理员",
  restricted: "不得发言",
  left: "不在群里",
  kicked: "已被移出",
};

function groupTools(group, privacy) {
  if (!group) return [h("p", { class: "hint" }, "没有群。")];
  const by = (what) => () => send("/api/group", { by: app.who, do: what });
  const isThere = !["left", "kicked"].includes(group.bot);
  const isAdmin = group.bot === "administrator";
  const kick = async () => (await confirmed("把机器人移出群？它在群里就不能再发消息。", "移出")) && by("kick_bot")();
  const migrate = async () => (await confirmed("把群升级为超级群？群号会变，不能退回。", "升级")) && by("migrate")();
  return [
    h("h3", {}, "群组"),
    h("p", { class: "fact" }, `机器人：${BOT_STANDINGS[group.bot] ?? group.bot}${group.can_pin ? "，可以置顶" : ""}`),
    isThere && toggle("设为管理员", "管理员可以置顶消息", isAdmin, by(isAdmin ? "demote_bot" : "promote_bot")),
    isThere && toggle("不许机器人发言", "群里限制了它", group.bot === "restricted", by(group.bot === "restricted" ? "unmute_bot" : "mute_bot")),
    toggle("隐私模式", "开着时只收到命令和对它的回复", privacy, by(privacy ? "privacy_off" : "privacy_on")),
    group.kind === "group" && deed("升级为超级群", "群号改变，机器人要跟上", migrate),
    isThere ? deed("移出机器人", "", kick, true) : deed("把机器人加入群", `由${me().name}加入`, by("add_bot")),
  ];
}

function personTools(one) {
  return [
    h("h3", {}, "人"),
    h("p", { class: "fact" }, `现在是${one.name}（${standingOf(one)}）`),
    toggle("在群里", one.in_group ? "可以退出" : "可以加入", one.in_group, () => member(one.in_group ? "leave" : "join")),
    blocking(one),
    !one.started && deed("打开私聊", "本人点“开始”", () => go({ chat: app.who, pane: "chat" })),
    deed("换人，或来一个陌生人", "名单上的人和名单以外的人", () => openPeople()),
  ];
}

function firstStart(bot) {
  if (!bot.start_link) return [];
  return [
    h("h3", {}, "首次启动"),
    h("p", { class: "hint" }, "机器人启动时给出的首次启动链接，一小时内有效，只能用一次；由专班办公室主任打开。"),
    deed(`由${me().name}打开首次启动链接`, bot.start_link, () => follow(bot.start_link)),
  ];
}
