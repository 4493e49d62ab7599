// Two people, one chat. Everything is asked of our own server; the tab's element asks us for a token when it is opened.
const PAUSE = 1000;
const phones = [...document.querySelectorAll(".phone")];
let chat;
let last = 0;
let asking;

async function ask(path, body) {
  const init = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, init);
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function bubble(said, phone) {
  const item = document.createElement("li");
  item.className = `talk__item talk__item--${said.sender === phone.dataset.person ? "mine" : "theirs"}`;
  const words = document.createElement("p");
  words.className = "talk__words";
  words.dir = "auto";
  words.textContent = said.text;
  const time = document.createElement("time");
  time.className = "talk__time";
  time.dateTime = said.at;
  time.textContent = new Date(said.at).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
  const pick = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", value: said.id });
  pick.className = "talk__pick";
  pick.append(box, document.querySelector(".talk").dataset.add);
  item.append(words, time, pick);
  return item;
}

function show(said) {
  for (const phone of phones) {
    const talk = phone.querySelector(".talk");
    talk.append(bubble(said, phone));
    talk.scrollTop = talk.scrollHeight;
  }
  last = said.number;
}

async function look() {
  const answer = await ask(`/messages?after=${last}`);
  if (answer.chat !== chat) {
    chat = answer.chat;
    last = 0;
    for (const talk of document.querySelectorAll(".talk")) talk.replaceChildren();
    return look();
  }
  answer.said.forEach(show);
}

// One question at a time: two would bring the same message twice.
function refresh() {
  asking ??= look().finally(() => (asking = undefined));
  return asking;
}

async function attempt(act) {
  const lost = document.querySelector("#lost");
  try {
    await act();
    lost.textContent = "";
  } catch {
    lost.textContent = lost.dataset.words;
  }
}

for (const phone of phones) {
  const { person } = phone.dataset;
  phone.querySelector(".composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = event.target.elements.text;
    const text = field.value.trim();
    if (!text) return;
    attempt(async () => {
      await ask("/messages", { sender: person, text });
      field.value = "";
      await asking;
      await refresh();
    });
  });

  const picking = phone.querySelector(".picking button");
  picking.addEventListener("click", () => {
    const isOn = phone.classList.toggle("phone--picking");
    picking.ariaPressed = isOn;
    picking.textContent = isOn ? picking.dataset.on : picking.dataset.off;
    phone.querySelector(".picking__hint").hidden = !isOn;
  });

  phone.querySelector("report-abuse").context = async () => {
    const messages = [...phone.querySelectorAll(".talk__pick input:checked")].map(({ value }) => value);
    return (await ask("/context", { reporter: person, messages })).jwt;
  };
}

document.querySelector("#again").addEventListener("click", () =>
  attempt(async () => {
    await ask("/again", { language: document.documentElement.lang });
    await asking;
    await refresh();
  }),
);

attempt(refresh);
setInterval(() => attempt(refresh), PAUSE);
