// A field that shortens the list of countries. Nothing typed leaves the page; Enter opens the first that is left.
const search = document.querySelector(".oh-atlas__search");
const field = search.querySelector("input");
const status = search.querySelector("[role=status]");
const groups = [...document.querySelectorAll(".oh-atlas__group")];
const places = [...document.querySelectorAll(".oh-atlas__place")].map((link) => ({
  link,
  item: link.parentElement,
  words: plain(`${link.lastChild.data}; ${link.dataset.also ?? ""}`),
}));

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N};]+/gu, " ").trim();
}

function shorten() {
  const wanted = plain(field.value);
  for (const { item, words } of places) item.hidden = !` ${words}`.includes(` ${wanted}`) && !words.includes(`;${wanted}`);
  for (const group of groups) group.hidden = !group.querySelector("li:not([hidden])");
  status.textContent = places.every(({ item }) => item.hidden) ? status.dataset.none : "";
}

field.addEventListener("input", shorten);
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && field.value) places.find(({ item }) => !item.hidden)?.link.click();
});
search.hidden = false;
shorten();
