// Serves the examples and signs what the tab adds to a report. Node alone; settings are environment variables.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { CONVERSATIONS } from "./conversations.js";
import { openKey, publicKeys, signContext } from "./sign.js";

const { HOTLINE = "http://127.0.0.1:8000", PARTNER = "acme", PORT = "8010", KEY = "key.pem", XMPP = "" } = process.env;
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
};
const SHARED = ["/chat.css", "/ask.js", "/build/chat.js"];
const OURS = /^\/(plain|react|converse)\/[a-z]+\.(html|js)$/;
const CONVERSE = /^\/node_modules\/converse\.js\/dist\/[\w./-]+$/;
const key = await openKey(KEY);

// What a page must allow for the tab: its script and its frame. Converse needs the rest.
const TAB = `default-src 'none'; script-src 'self' ${HOTLINE}; frame-src ${HOTLINE}; connect-src 'self' ${XMPP}`;
const POLICIES = {
  plain: `${TAB}; style-src 'self'`,
  react: `${TAB}; style-src 'self'`,
  converse: `${TAB} data:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; media-src 'self' data:`,
};

function fill(text) {
  return text.replaceAll("https://hotline.example", HOTLINE).replaceAll("acme", PARTNER).replaceAll("XMPP", XMPP);
}

async function page(path) {
  const name = path.endsWith("/") ? `${path}index.html` : path;
  const isListed = SHARED.includes(name) || OURS.test(name) || CONVERSE.test(name);
  if (!isListed || name.includes("..")) return { status: 404 };
  const body = await readFile(new URL(`.${name}`, import.meta.url));
  const headers = { "content-type": TYPES[extname(name)] ?? "application/octet-stream" };
  if (extname(name) !== ".html") return { status: 200, headers, body };
  headers["content-security-policy"] = POLICIES[name.split("/")[1]];
  return { status: 200, headers, body: fill(body.toString()) };
}

// A real messenger asks first who is logged in, and whether they take part in that conversation.
function context({ conversation, messages = [], with: account }) {
  const known = CONVERSATIONS[conversation];
  if (!known) return { service: "Example chat", conversation_id: conversation, message_ids: messages, reported: account };
  const picked = known.messages.filter(({ id }) => messages.includes(id));
  return { service: "Example chat", conversation_id: conversation, messages: picked, reported: known.with };
}

async function answer(request) {
  const { pathname } = new URL(request.url, "http://localhost");
  if (request.method === "GET" && pathname === "/jwks.json") return json(publicKeys(key));
  if (request.method === "GET") return page(pathname);
  if (pathname !== "/context" || request.headers["content-type"] !== "application/json") return { status: 404 };
  const asked = JSON.parse(Buffer.concat(await request.toArray()).toString());
  return json({ jwt: signContext(key, { partner: PARTNER, hotline: HOTLINE, context: context(asked) }) });
}

function json(body) {
  return { status: 200, headers: { "content-type": TYPES[".json"] }, body: JSON.stringify(body) };
}

const server = createServer(async (request, response) => {
  const { status, headers, body } = await answer(request).catch(() => ({ status: 404 }));
  response.writeHead(status, headers).end(body);
});
server.listen(Number(PORT), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
