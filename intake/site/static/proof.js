// The proof of work of ALTCHA, version 1: the number that with a salt has a given SHA-256.
const AT_ONCE = 200;
const encoder = new TextEncoder();

async function hash(text) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The payload for a challenge: base64 of JSON; empty when there is no such number. */
export async function solve({ algorithm, challenge, maxNumber, salt, signature }) {
  for (let first = 0; first <= maxNumber; first += AT_ONCE) {
    const hashes = await Promise.all(Array.from({ length: AT_ONCE }, (_, next) => hash(salt + (first + next))));
    const found = hashes.indexOf(challenge);
    if (found >= 0) return btoa(JSON.stringify({ algorithm, challenge, number: first + found, salt, signature }));
  }
  return "";
}
