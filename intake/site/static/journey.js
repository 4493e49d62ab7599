// One page after another in one document, so that the browser's Back works, and its history holds no form that
// could be sent again by whoever takes the phone. Without this each page is an ordinary answer to a form.
// In a frame it makes no history at all: Back belongs to the page around it.
const PATIENCE = 8000;
const isFramed = parent !== window;
let place = history.state?.place ?? 0;
let busy = false;
let proof;

function answerTo(form, button) {
  const typed = new FormData(form);
  if (button?.name) typed.append(button.name, button.value);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", button?.hasAttribute("formaction") ? button.formAction : form.action);
    request.responseType = "document";
    request.onload = () => (request.response?.querySelector("main") ? resolve(request.response) : reject());
    request.onerror = reject;
    request.send(new URLSearchParams(typed));
  });
}

function show(page) {
  const { lang, dir } = page.documentElement;
  Object.assign(document.documentElement, { lang, dir });
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  const start = document.getElementById("problem") ?? document.querySelector("h1");
  start.tabIndex = -1;
  start.focus({ preventScroll: true });
  scrollTo(0, 0);
  proof = prove();
  dispatchEvent(new Event("page"));
}

// Where a page asks for a proof of work it is made without anybody asking; what fails leaves the slower lane.
async function prove() {
  const field = document.querySelector("[data-challenge]");
  if (!field || !globalThis.crypto?.subtle) return;
  const status = document.querySelector(".oh-proof");
  status.textContent = status.dataset.working;
  const { solve } = await import(field.dataset.solver);
  field.value = await solve(JSON.parse(field.dataset.challenge));
  status.textContent = status.dataset.done;
}

function proofOrPatience() {
  return Promise.race([proof?.catch(() => {}), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

async function send(form, button) {
  if (busy) return false;
  busy = true;
  try {
    if (button?.value === "send") await proofOrPatience();
    show(await answerTo(form, button));
    return true;
  } catch {
    form.querySelector(".oh-unreachable").textContent = form.dataset.unreachable;
    return false;
  } finally {
    busy = false;
  }
}

addEventListener("submit", async (event) => {
  if (!event.target.matches(".oh-form")) return;
  event.preventDefault();
  if ((await send(event.target, event.submitter)) && !isFramed) history.pushState({ place: ++place }, "");
});

// A link to a place on the page is no way back: its entry knows no place of ours.
if (!isFramed) history.replaceState({ place }, "");
addEventListener("popstate", ({ state }) => {
  if (isFramed || !state || state.place === place) return;
  const goal = state.place;
  const button = document.querySelector(goal < place ? "[name=go][value=back]" : "#send");
  place = goal;
  if (button) send(button.form, button);
  else location.replace(location.pathname);
});

proof = prove();
