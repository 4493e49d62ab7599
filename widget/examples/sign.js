// What a messenger's server signs for the hotline: a JWT (RFC 7519) with EdDSA, good for five minutes and for one report.
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";

const KID = "example-1";
const SECONDS = 300;

/** The key in that file, made on first use; nobody but its owner reads it. */
export async function openKey(path) {
  try {
    return createPrivateKey(await readFile(path));
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    const { privateKey } = generateKeyPairSync("ed25519");
    await writeFile(path, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
    return privateKey;
  }
}

/** Its public half, for `hotline partner add --jwks`. */
export function publicKeys(key) {
  const jwk = createPublicKey(key).export({ format: "jwk" });
  return { keys: [{ ...jwk, kid: KID, alg: "EdDSA", use: "sig" }] };
}

/** A token that says what a report is about. `hotline` is the hotline's address, as its operator told you. */
export function signContext(key, { partner, hotline, context }) {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: partner, aud: hotline, iat, exp: iat + SECONDS, jti: randomUUID(), ctx: context };
  const signed = [{ alg: "EdDSA", typ: "JWT", kid: KID }, claims].map(encoded).join(".");
  return `${signed}.${sign(null, Buffer.from(signed), key).toString("base64url")}`;
}

function encoded(part) {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
