// Times of the room: strings of Asia/Shanghai, kept as milliseconds of the clock on the wall.

const WEEKDAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

const two = (number) => String(number).padStart(2, "0");

/** `2026-11-27T16:00:00+08:00` as wall-clock milliseconds. */
export function wall(text) {
  return Date.parse(`${text.slice(0, 19)}Z`);
}

/** The other way round. */
export function written(at) {
  return `${new Date(at).toISOString().slice(0, 19)}+08:00`;
}

/** As a field for date and time takes it. */
export function field(at) {
  return new Date(at).toISOString().slice(0, 16);
}

/** `2026-11-27 16:01` */
export function stamp(at) {
  return field(at).replace("T", " ");
}

/** The time of a typed `2026-11-27 16:01`, or of a day alone at nine in the morning; null for anything else. */
export function parsed(text) {
  const [, year, month, date, hour = "09", minute = "00"] =
    /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]+(\d{1,2})[:：](\d{2}))?\s*$/.exec(text) ?? [];
  if (!year) return null;
  const wanted = `${year}-${two(month)}-${two(date)}T${two(hour)}:${minute}`;
  const at = Date.parse(`${wanted}:00Z`);
  return Number.isNaN(at) || field(at) !== wanted ? null : at;
}

/** `09:05` */
export function minutes(at) {
  const time = new Date(at);
  return `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`;
}

/** `09:05:30` */
export function seconds(at) {
  return `${minutes(at)}:${two(new Date(at).getUTCSeconds())}`;
}

export function weekday(at) {
  return WEEKDAYS[new Date(at).getUTCDay()];
}

/** `11月23日 周一`, with the year unless it is that of `now`. */
export function day(at, now = at) {
  const date = new Date(at);
  const year = date.getUTCFullYear() === new Date(now).getUTCFullYear() ? "" : `${date.getUTCFullYear()}年`;
  return `${year}${date.getUTCMonth() + 1}月${date.getUTCDate()}日 ${weekday(at)}`;
}

/** `2026年11月23日` */
export function longDay(at) {
  const date = new Date(at);
  return `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日`;
}

/** `11月23日 周一 09:05` */
export function moment(at, now = at) {
  return `${day(at, now)} ${minutes(at)}`;
}

/** To the second on the day of `now`, else as a moment. */
export function instant(at, now) {
  return midnight(at) === midnight(now) ? seconds(at) : moment(at, now);
}

export function midnight(at) {
  return Math.floor(at / DAY) * DAY;
}

/** As a list of chats shows it: the time today, the weekday this week, else the date. */
export function short(at, now) {
  const days = (midnight(now) - midnight(at)) / DAY;
  if (days === 0) return minutes(at);
  if (days > 0 && days < 7) return weekday(at);
  const date = new Date(at);
  const year = date.getUTCFullYear() === new Date(now).getUTCFullYear() ? "" : `${date.getUTCFullYear()}/`;
  return `${year}${date.getUTCMonth() + 1}/${date.getUTCDate()}`;
}

/** Times one often wants to see, after `now`. */
export function landmarks(now) {
  const today = midnight(now);
  const toFriday = (5 - new Date(today).getUTCDay() + 7) % 7;
  const friday = today + toFriday * DAY + 16 * 60 * MINUTE + MINUTE;
  const tomorrow = today + DAY + 9 * 60 * MINUTE;
  return [
    { name: "一小时后", at: now + 60 * MINUTE },
    { name: "明天 09:00", at: tomorrow },
    friday > now ? { name: "周五 16:01", at: friday } : { name: "下周五 16:01", at: friday + 7 * DAY },
  ];
}
