// The wire to the room.

/** What went wrong, in words for the reader. */
export class Refused extends Error {}

async function answer(promise) {
  let response;
  try {
    response = await promise;
  } catch {
    throw new Refused("连不上预演室，请看程序是否还在运行。");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok || body?.ok === false) throw new Refused(body?.error || `预演室拒绝了这一步（${response.status}）。`);
  return body;
}

export function get(path, query = {}) {
  return answer(fetch(`${path}?${new URLSearchParams(query)}`, { cache: "no-store" }));
}

export function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return answer(fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Sends a file as somebody; `kind` is `photo` or `document`. */
export function upload(query, file) {
  const headers = { "Content-Type": "application/octet-stream" };
  return answer(fetch(`/api/upload?${new URLSearchParams(query)}`, { method: "POST", headers, body: file }));
}

export function fileAddress(id) {
  return `/api/file?${new URLSearchParams({ id })}`;
}

/** Calls `changed` at every change of the room and `connected` with whether the line stands; it reconnects by itself. */
export function listen(changed, connected) {
  const source = new EventSource("/events");
  source.onopen = () => connected(true);
  source.onerror = () => connected(false);
  source.onmessage = () => changed();
}
