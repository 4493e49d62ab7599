// Leaving fast. The link works without this; with it, this page's entry in the history is replaced,
// and Shift pressed three times, each within five seconds, is the same as the link.
const PATIENCE = 5000;
let presses = 0;
let alone = false;
let waiting;

function leave() {
  const { href } = document.querySelector(".oh-exit");
  document.body.hidden = true;
  if (dispatchEvent(new Event("leave", { cancelable: true }))) location.replace(href);
}

function say(words) {
  document.querySelector(".oh-exit__status").textContent = words;
}

function reset() {
  clearTimeout(waiting);
  if (presses) say("");
  presses = 0;
  alone = false;
}

addEventListener("click", (event) => {
  if (!event.target.closest(".oh-exit")) return;
  event.preventDefault();
  leave();
});

addEventListener("keydown", (event) => {
  if (event.key === "Shift") alone ||= !event.repeat;
  else reset();
});

addEventListener("keyup", (event) => {
  if (event.key !== "Shift" || !alone) return;
  clearTimeout(waiting);
  presses += 1;
  if (presses === 3) return leave();
  const { twice, once } = document.querySelector(".oh-exit").dataset;
  say(presses === 1 ? twice : once);
  waiting = setTimeout(reset, PATIENCE);
});

addEventListener("pointerdown", reset);
