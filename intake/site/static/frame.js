// The frame's side of the protocol with the page around it, version 1. One message opens it: from the page that
// frames us, at an origin the server named, with a port. After that only the port is listened to, and what is not
// understood is passed over. Nothing that was written goes out, nor the code, nor at which page somebody is:
// the height is the same for all of them.
const HEIGHT = 720;
const LONGEST = 65536;
const THEMES = ["light", "dark", "high-contrast"];
const { origins, tells } = document.querySelector("script[data-origins]").dataset;
const known = origins.split(" ");
let port;
let jwt = "";
let language;

function tell(type, facts) {
  port?.postMessage({ type, ...facts });
}

function dress(theme) {
  if (THEMES.includes(theme)) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

// The page around changed its language; whoever chose another one here keeps it until then.
function speak(wanted) {
  if (typeof wanted !== "string" || !wanted || wanted === language) return;
  language = wanted;
  const buttons = [...document.querySelectorAll(".oh-languages__button")];
  const named = (name) => buttons.find(({ lang }) => lang.toLowerCase().startsWith(name.toLowerCase()));
  const button = named(wanted) ?? named(wanted.split("-")[0]);
  button?.form.requestSubmit(button);
}

// The token goes with the form until the server has read it: then its field is gone.
function addContext() {
  const field = document.querySelector("input[name=jwt]");
  if (field) field.value = jwt;
}

function hear({ type, jwt: token, lang, theme }) {
  if (type === "context" && typeof token === "string" && token.length <= LONGEST) {
    jwt = token;
    addContext();
  } else if (type === "lang") speak(lang);
  else if (type === "theme") dress(theme);
}

function look() {
  addContext();
  if (tells && document.querySelector(".oh-ticket")) tell("submitted");
}

function open({ source, origin, data, ports }) {
  if (source !== parent || parent === window || !known.includes(origin)) return;
  if (data?.type !== "init" || ports.length !== 1) return;
  if (data.ra !== 1) return ports[0].postMessage({ type: "error", code: "version" });
  removeEventListener("message", open);
  [port] = ports;
  port.onmessage = (message) => hear(message.data ?? {});
  language = data.lang;
  dress(data.theme);
  tell("ready");
  tell("resize", { h: HEIGHT });
  look();
}

// Leaving: nothing stays here, and the page around takes the frame away. When none listens the exit page opens in a
// window of its own: in a frame no site would show.
addEventListener("leave", (event) => {
  if (parent === window) return;
  event.preventDefault();
  const { href } = document.querySelector(".oh-exit");
  jwt = "";
  document.title = "";
  document.body.replaceChildren();
  if (port) tell("close");
  else window.open(href, "_blank", "noopener,noreferrer");
});

// The page around does not see a key that is pressed in here.
addEventListener("keydown", ({ key }) => key === "Escape" && tell("close"));
addEventListener("page", look);
addEventListener("message", open);
addEventListener(
  "focus",
  () => {
    const heading = document.querySelector("h1");
    if (!heading || document.activeElement !== document.body) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  },
  { once: true },
);
