// One card, from folder to receipt. In doubt, keep.
// 1. Every frame is read and hashed. What cannot be read, or is too large for a page's memory, stays on the card, named.
// 2. Announce: the server says which frames it wants.
// 3. Each of them is read from the card once more and sent. Other bytes twice: the frame is unstable and stays.
// 4. Ask for the receipt until every frame is at rest.
// 5. A file is deleted only where its bytes, read from the card again, are those that the receipt names. Then the card is listed again.
// 6. Say how the card is left.
import { digestOf } from "./card.js";

const NOT_YET = "custody.not_yet_verified";
const HELD = "custody.held_for_evidence";
const OTHER_BYTES = "custody.other_bytes";
const STAYS = { 413: "too_large", 415: "not_a_photo" };

export async function bring(card, door, tell, { readAtOnce }) {
  const { frames, others } = await readAll(card, tell, readAtOnce);
  const announced = await door.announce({
    frames: frames.map(({ file, folder, modified, digest, size }) => ({ file, folder, modified, sha256: digest, size })),
    others,
  });
  await sendAll(announced, frames, door, tell);
  tell({ step: "check" });
  const held = await receipt(announced.import, door);
  const safe = held ? frames.filter((frame) => held.has(frame.digest)).length : frames.length;
  const emptied = held !== null && card.empties && (await empty(card, frames, held, tell));
  await door.end(announced.import, { emptied, held: held === null });
  return { import: announced.import, total: frames.length, safe, emptied, evidence: held === null, others: others.length };
}

async function readAll(card, tell, readAtOnce) {
  const [frames, others] = [[], []];
  const listed = await card.list();
  for (const [number, one] of listed.entries()) {
    tell({ step: "read", done: number + 1, of: listed.length });
    let file;
    try {
      file = await one.read();
      if (!one.frame || file.size > readAtOnce) {
        others.push({ path: one.path, size: file.size, why: one.frame ? "too_large" : "unknown_file" });
        continue;
      }
      frames.push({ ...one, digest: await digestOf(file), size: file.size, modified: new Date(file.lastModified).toISOString() });
    } catch {
      others.push({ path: one.path, size: file?.size ?? 0, why: "unreadable" });
    }
  }
  return { frames, others };
}

async function sendAll(announced, frames, door, tell) {
  const wanted = new Set(announced.frames.filter((frame) => frame.wanted).map((frame) => frame.digest));
  const first = new Map(frames.filter((frame) => wanted.has(frame.digest)).reverse().map((frame) => [frame.digest, frame]));
  let done = 0;
  for (const frame of first.values()) {
    tell({ step: "send", done: (done += 1), of: first.size });
    const why = await send(announced.import, frame, door);
    if (why) await door.leave(announced.import, frame.digest, why);
  }
}

async function send(id, frame, door) {
  for (let turn = 0; turn < 2; turn += 1) {
    let file;
    try {
      file = await frame.read();
    } catch {
      return "unreadable";
    }
    try {
      await door.send(id, frame.digest, file);
      return "";
    } catch (no) {
      if (!no.code) throw no;
      if (no.code !== OTHER_BYTES) return STAYS[no.status] ?? "refused";
    }
  }
  return "unstable";
}

// The digests that the server has confirmed; null where the card may be evidence and stays as it is.
async function receipt(id, door) {
  for (;;) {
    try {
      return new Set(JSON.parse((await door.receipt(id)).split("\n")[0]).held);
    } catch (no) {
      if (no.code === HELD) return null;
      if (no.code !== NOT_YET) throw no;
      await new Promise((go) => setTimeout(go, 500));
    }
  }
}

async function empty(card, frames, held, tell) {
  let done = 0;
  for (const frame of frames) {
    tell({ step: "empty", done: (done += 1), of: frames.length });
    if (!held.has(frame.digest)) continue;
    try {
      if ((await digestOf(await frame.read())) === frame.digest) await frame.remove();
    } catch {
      continue; // the card's lock is on, or it came out: the list below tells
    }
  }
  return !(await card.list()).some((one) => one.frame);
}
