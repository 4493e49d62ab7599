// A button, and a dialog with the hotline's page in it, of which nothing is asked before somebody presses.
const NAME = "report-abuse";
const PATIENCE = 8000; // ms until the way around is shown
const WORDS = {
  ar: "الإبلاغ عن إساءة|إغلاق",
  de: "Missbrauch melden|Schließen",
  en: "Report abuse|Close",
  es: "Denunciar un abuso|Cerrar",
  fr: "Signaler un abus|Fermer",
  hi: "शोषण की रिपोर्ट करें|बंद करें",
  it: "Segnala un abuso|Chiudi",
  nl: "Misbruik melden|Sluiten",
  pl: "Zgłoś krzywdzenie|Zamknij",
  pt: "Denunciar abuso|Fechar",
  uk: "Повідомити про насильство|Закрити",
  zh: "举报侵害|关闭",
};
const DARK = "--accent:#8adccc;--on:#06211f;--paper:#0f1c1c;--ink:#f1f0e8;--line:#2c403e";
const STARK = "--own:#000;--own-on:#fff;--edge:#fff;--paper:#000;--ink:#fff;--line:#fff";
const LOOKS = `
:host{display:inline-block;--accent:#0e5a57;--on:#fff;--edge:transparent;--paper:#fbf5ec;--ink:#1d2b2a;--line:#e4d8c6}
:host([theme=dark]){${DARK}}
@media(prefers-color-scheme:dark){:host(:not([theme=light])){${DARK}}}
@media(prefers-contrast:more){:host(:not([theme=light],[theme=dark])){${STARK}}}
:host([theme=high-contrast]){${STARK}}
:host([placement*="-"]){position:fixed;z-index:2147483000;
margin:1rem calc(1rem + max(env(safe-area-inset-left),env(safe-area-inset-right)))}
:host([placement$=top]){inset-block-start:env(safe-area-inset-top)}
:host([placement$=bottom]){inset-block-end:env(safe-area-inset-bottom)}
:host([placement^=start]){inset-inline-start:0}
:host([placement^=end]){inset-inline-end:0}
button,a,dialog{box-sizing:border-box;text-transform:none;text-align:start;white-space:normal;
letter-spacing:inherit;word-spacing:inherit;overflow-wrap:anywhere;
font:600 calc(max(16px,1rem)*var(--scale))/1.25 system-ui,sans-serif}
button,a{display:inline-flex;align-items:center;justify-content:center;gap:.5em;min-inline-size:44px;
min-block-size:44px;margin:0;padding:.375em 18px;border:2px solid var(--edge);border-radius:var(--radius);
background:var(--own,var(--accent));color:var(--own-on,var(--on));cursor:pointer;text-decoration:none}
button:hover,a:hover{text-decoration:underline}
:focus-visible{outline:3px solid #f2a900;outline-offset:2px;box-shadow:0 0 0 2px var(--ink)}
button:first-child::before{content:"";flex:none;inline-size:20px;block-size:20px;background:currentColor;
clip-path:path(evenodd,"M10 1a9 8 0 1 1-3 15L2 19l1-5a9 8 0 0 1 7-13zM9 4h2v6H9zM9 12h2v2H9z");
forced-color-adjust:none}
@media(forced-colors:active){button:first-child::before{background:ButtonText}}
dialog{inline-size:min(480px,100vw - 2rem);max-inline-size:none;max-block-size:calc(100dvh - 2rem);padding:0;
overflow:hidden;border:1px solid var(--line);border-radius:1rem;background:var(--paper);color:var(--ink);
box-shadow:0 12px 48px #0006}
[open]{display:flex;flex-direction:column;animation:rise .2s}
::backdrop{background:#0a1f1e99}
header{display:flex;align-items:center;justify-content:space-between;padding:5px;padding-inline-start:20px;
border-block-end:1px solid var(--line)}
header>button{padding:0;border-color:transparent;background:none;color:inherit;font-size:1.75em}
iframe{flex:0 1 var(--tall);min-block-size:0;inline-size:100%;border:0;visibility:hidden}
.ready iframe,.late:not(.ready)>a{visibility:visible}
a{position:absolute;inset:50% auto auto 50%;translate:-50%;visibility:hidden}
@keyframes rise{from{opacity:0;translate:0 12px}}
@media(max-width:639.98px){dialog{position:fixed;inset:var(--top,0) 0 auto;margin:0;border:0;border-radius:0;
inline-size:100%;block-size:var(--seen,100dvh);max-block-size:none;padding:env(safe-area-inset-top)
env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}iframe{flex:1}}
@media(prefers-reduced-motion:reduce){dialog{animation:none!important}}
:host([hidden]){display:none!important}
@media print{:host{display:none!important}}`;
let looks;

function make(name, props, ...inside) {
  const element = Object.assign(document.createElement(name), props);
  element.append(...inside);
  return element;
}

function languageOf(element) {
  const { lang } = element.closest("[lang]") ?? document.documentElement;
  return /^[a-z]{2,3}(-\w{1,8})*$/i.test(lang) ? lang : "";
}

function within(least, given, most, usual) {
  const number = parseFloat(given);
  return isNaN(number) ? usual : Math.min(Math.max(number, least), most);
}

// White on the accent if that can be read (WCAG 1.4.3), else black: one of the two always can.
function colours(accent) {
  if (!/^#[\da-f]{6}$/i.test(accent)) return "";
  const [red, green, blue] = accent.match(/\w\w/g).map((two) => {
    const part = parseInt(two, 16) / 255;
    return part > 0.04045 ? ((part + 0.055) / 1.055) ** 2.4 : part / 12.92;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return `--own:${accent};--own-on:${1.05 / (light + 0.05) >= 4.5 ? "#fff" : "#000"};`;
}

class ReportAbuse extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ["partner", "service", "lang", "theme", "accent", "radius", "font-scale"];
  #own = new CSSStyleSheet();
  #title = make("span");
  #around = make("a", { target: "_blank", rel: "noreferrer" });
  #button = make("button", { type: "button", ariaHasPopup: "dialog", onclick: () => this.open() });
  #shut = make("button", { type: "button", onclick: () => this.close() }, "×");
  #dialog = make(
    "dialog",
    { onclose: () => this.#dialog.open || this.#end() },
    make("header", {}, this.#title, this.#shut),
    this.#around,
  );
  #watch = new MutationObserver(() => this.#dress());
  #tall = 640;
  #seen = "";
  #opening; // what lasts as long as the dialog is open

  constructor() {
    super();
    if (!looks) (looks = new CSSStyleSheet()).replaceSync(LOOKS);
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [looks, this.#own];
    this.#button.ariaExpanded = false;
  }

  connectedCallback() {
    this.#watch.observe(document, { subtree: true, attributeFilter: ["lang"] });
    this.#dress();
  }

  disconnectedCallback() {
    this.#watch.disconnect();
    this.close();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#dress();
  }

  open() {
    if (this.#opening || !this.#button.isConnected) return;
    const frame = this.#frame();
    const stop = new AbortController();
    const late = setTimeout(() => this.#isLate(), PATIENCE);
    this.#opening = { frame, stop, late, token: this.#token() };
    this.#dialog.append(frame);
    this.#dialog.showModal();
    this.#button.ariaExpanded = true;
    for (const change of ["resize", "scroll"])
      visualViewport.addEventListener(change, () => this.#fit(), { signal: stop.signal });
    this.#remember(stop.signal);
    this.#tell("open");
  }

  close() {
    this.#dialog.close();
    this.#end();
  }

  get #service() {
    const given = this.getAttribute("service") || import.meta.url;
    return URL.canParse(given) ? new URL(given).origin : "";
  }

  get #theme() {
    return this.getAttribute("theme") || "auto";
  }

  // Where we have no words the page's own link has.
  #dress() {
    const partner = this.getAttribute("partner");
    const isKnown = /^[\w-]{1,64}$/.test(partner) && this.#service;
    const parts = isKnown ? [this.#button, this.#dialog] : [make("slot")];
    if (!isKnown) this.close();
    const lang = languageOf(this);
    const wanted = (lang || navigator.language).toLowerCase();
    const base = wanted.split("-")[0];
    const ours = !/^zh-(hant|tw|hk|mo)/.test(wanted) && WORDS[base];
    const [report, close = "Close"] = (ours || this.textContent.trim() || WORDS.en).split("|");
    for (const part of [this.#button, this.#title, this.#around]) part.textContent = report;
    this.#dialog.ariaLabel = report;
    this.#shut.ariaLabel = close;
    this.#around.href = `${this.#service}/p/${partner}`;
    const dir = ours && (base === "ar" ? "rtl" : "ltr");
    for (const part of parts) Object.assign(part, { lang: ours ? base : lang, dir: dir || "" });
    if (!parts[0].isConnected) this.shadowRoot.replaceChildren(...parts);
    this.#wear();
    this.#say("lang", { lang });
    this.#say("theme", { theme: this.#theme });
  }

  #wear() {
    const radius = within(0, this.getAttribute("radius"), 32, 32);
    const scale = within(0.875, this.getAttribute("font-scale"), 2, 1);
    const sizes = `--radius:${radius}px;--scale:${scale};--tall:${this.#tall}px;${this.#seen}`;
    this.#own.replaceSync(`:host{${sizes}${colours(this.getAttribute("accent"))}}`);
  }

  // What a phone's keyboard leaves of the screen.
  #fit() {
    const { height, offsetTop, scale } = visualViewport;
    if (scale < 1.01) this.#seen = `--seen:${height}px;--top:${offsetTop}px;`;
    this.#wear();
  }

  #frame() {
    const lang = languageOf(this);
    const frame = make("iframe", {
      title: this.#title.textContent,
      lang,
      referrerPolicy: "no-referrer",
      allow: "",
      credentialless: true,
      onload: () => this.#greet(),
    });
    frame.sandbox = "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox";
    const partner = this.getAttribute("partner");
    frame.src = `${this.#service}/embed/v1/frame?partner=${partner}${lang && `&lang=${lang}`}`;
    return frame;
  }

  // Once for each page in the frame; no other origin's receives it.
  #greet() {
    const { port1, port2 } = new MessageChannel();
    this.#opening.port = port1;
    port1.onmessage = ({ data }) => this.#hear(data ?? {});
    const init = { ra: 1, type: "init", lang: languageOf(this), theme: this.#theme };
    this.#opening.frame.contentWindow.postMessage(init, this.#service, [port2]);
  }

  #hear({ type, h, code }) {
    if (type === "ready") this.#isReady();
    else if (type === "resize") this.#resize(h);
    else if (type === "close") this.close();
    else if (type === "submitted") this.#tell(type);
    else if (type === "error") this.#tell(type, { code: /^[a-z-]{1,32}$/.test(code) ? code : "unknown" });
  }

  #resize(h) {
    this.#tall = within(240, h, 1200, 640);
    this.#wear();
  }

  #say(type, words) {
    this.#opening?.port?.postMessage({ type, ...words });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(`${NAME}:${type}`, { bubbles: true, composed: true, detail }));
  }

  async #isReady() {
    const { frame, late, port, token } = this.#opening;
    clearTimeout(late);
    this.#dialog.className = "ready";
    if (this.shadowRoot.activeElement) frame.focus();
    const jwt = await token;
    if (jwt) port.postMessage({ type: "context", jwt });
  }

  #isLate() {
    this.#dialog.className = "late";
    this.#tell("error", { code: "unreachable" });
  }

  // A report needs no token.
  async #token() {
    try {
      return await (typeof this.context === "function" ? this.context() : this.context);
    } catch {
      this.#tell("error", { code: "context" });
    }
  }

  // An entry in the history, so that Back closes the dialog.
  #remember(signal) {
    const from = globalThis.navigation?.currentEntry.key;
    const mark = Math.random();
    const isHere = () => history.state?.[NAME] === mark;
    history.pushState({ ...history.state, [NAME]: mark }, "");
    const { length } = history;
    addEventListener("popstate", () => isHere() || this.close(), { signal });
    // The frame's own entries lie above it; only the Navigation API steps over them.
    this.#opening.forget = () => {
      if (!isHere()) return;
      if (from) navigation.traverseTo(from).finished.catch(() => {});
      else if (history.length === length) history.back();
    };
  }

  #end() {
    if (!this.#opening) return;
    const { frame, stop, late, port, forget } = this.#opening;
    this.#opening = undefined;
    clearTimeout(late);
    stop.abort();
    port?.close();
    frame.remove();
    forget();
    this.#dialog.className = "";
    this.#seen = "";
    this.#wear();
    this.#button.ariaExpanded = false;
    this.#tell("close");
  }
}

if (globalThis.customElements && !customElements.get(NAME)) customElements.define(NAME, ReportAbuse);
