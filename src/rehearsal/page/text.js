// A message's text with its formatting as elements.

import { h, button } from "./dom.js";

const SIMPLE = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  spoiler: "span",
};
const BLOCKS = ["blockquote", "expandable_blockquote", "pre"];
/** A quote shorter than this shows whole. */
const SHORT_LINES = 3;
const SHORT_LENGTH = 72;

/**
 * The nodes of `text`. `entities` count UTF-16 units, as JavaScript does. `on` says what happens at a `link`, a `command`, a
 * `person`; `unfolded` is the set of quotes that stand open, under keys beginning with `key`.
 */
export function formatted(text, entities, on, unfolded, key) {
  const isBlock = (one) => BLOCKS.includes(one.type);
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length || isBlock(b) - isBlock(a));
  return level(text, sorted, 0, text.length, { on, unfolded, key });
}

function level(text, entities, from, to, context) {
  const nodes = [];
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [first, ...others] = rest;
    const end = Math.min(first.offset + first.length, to);
    rest = others.filter((one) => one.offset >= end);
    if (first.offset < at || end <= first.offset) continue;
    const isBlock = BLOCKS.includes(first.type);
    nodes.push(before(text.slice(at, first.offset), isBlock));
    const within = others.filter((one) => one.offset < end);
    nodes.push(piece(text, first, level(text, within, first.offset, end, context), end, context));
    at = isBlock && text[end] === "\n" ? end + 1 : end;
  }
  nodes.push(text.slice(at, to));
  return nodes.filter(Boolean);
}

/** A quote stands on lines of its own: the line break before it is not shown as an empty line. */
function before(text, isBlock) {
  return isBlock && text.endsWith("\n") ? text.slice(0, -1) : text;
}

function piece(text, entity, inner, end, context) {
  const words = text.slice(entity.offset, end);
  const simple = SIMPLE[entity.type];
  if (simple) return h(simple, { class: entity.type === "spoiler" ? "spoiler" : null }, inner);
  switch (entity.type) {
    case "text_link":
    case "url":
      return link(entity.url ?? words, inner, context.on);
    case "text_mention":
      return button({ class: "mention", onclick: () => context.on.person(entity.user_id) }, inner);
    case "bot_command":
      return button({ class: "mention", onclick: () => context.on.command(words) }, inner);
    case "mention":
    case "hashtag":
      return h("span", { class: "mention" }, inner);
    case "pre":
      return h("pre", {}, inner);
    case "blockquote":
      return h("blockquote", {}, inner);
    case "expandable_blockquote":
      return quote(words, inner, `${context.key}/${entity.offset}`, context.unfolded);
    default:
      return h("span", {}, inner);
  }
}

function link(url, inner, on) {
  const address = /^(https?|tg):\/\//.test(url) ? url : `https://${url}`;
  const follow = (event) => {
    if (on.link(address)) event.preventDefault();
  };
  // An address of another kind is shown and not followed.
  if (!/^(https?|tg):\/\/[^\s]+$/.test(address)) return h("span", { class: "mention" }, inner);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer", onclick: follow }, inner);
}

/** A quote that is folded to three lines with a fade until it is opened. */
function quote(words, inner, key, unfolded) {
  const isLong = words.split("\n").length > SHORT_LINES || words.length > SHORT_LENGTH;
  if (!isLong) return h("blockquote", {}, inner);
  const more = button({ class: "more", data: { key: `quote/${key}` } });
  const element = h("blockquote", { class: "expandable" }, h("div", { class: "folding" }, inner), more);
  const show = () => {
    const isOpen = unfolded.has(key);
    element.classList.toggle("folded", !isOpen);
    more.textContent = isOpen ? "收起" : "展开";
    more.setAttribute("aria-expanded", String(isOpen));
  };
  const turn = () => {
    if (!unfolded.delete(key)) unfolded.add(key);
    show();
  };
  more.addEventListener("click", turn);
  element.addEventListener("click", (event) => {
    const isPlain = !event.target.closest("a, button") && getSelection().isCollapsed;
    if (isPlain && !unfolded.has(key)) turn();
  });
  show();
  return element;
}
