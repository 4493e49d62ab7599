// A chat of two. Its reader may add messages to a report; nothing is added that they did not pick.
import { ReportAbuse } from "@openhotline/report-abuse/react";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { token } from "../ask.js";
import { CONVERSATIONS } from "../conversations.js";

const ID = "chat-17";
const ME = "@robin";

function Message({ message, isPicked, onPick }) {
  return (
    <li className={message.sender === ME ? "chat__message chat__message--mine" : "chat__message"}>
      {message.text}
      <label className="chat__pick">
        <input type="checkbox" checked={isPicked} onChange={() => onPick(message.id)} />
        Add to a report
      </label>
    </li>
  );
}

function Chat({ service, partner, onLeave }) {
  const [messages, setMessages] = useState(CONVERSATIONS[ID].messages);
  const [picked, setPicked] = useState([]);
  const [note, setNote] = useState("");
  const pick = (id) => setPicked((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id]));
  const say = (form) => {
    const message = { id: crypto.randomUUID(), sender: ME, text: form.get("text") };
    setMessages((now) => [...now, message]);
  };
  return (
    <>
      <header className="chat__bar">
        <h1>Alex</h1>
        <ReportAbuse
          service={service}
          partner={partner}
          accent="#4338ca"
          context={() => token({ conversation: ID, messages: picked })}
          onOpen={() => setNote("The report is open.")}
          onClose={() => setNote("The report is closed.")}
          onSubmitted={() => setNote("Thank you for reporting.")}
          onError={() => setNote("Something did not work. The report can still be sent.")}
        />
        <button className="chat__leave" type="button" onClick={onLeave}>
          Leave
        </button>
      </header>
      <ol className="chat__messages">
        {messages.map((message) => (
          <Message key={message.id} message={message} isPicked={picked.includes(message.id)} onPick={pick} />
        ))}
      </ol>
      <form className="chat__write" action={say}>
        <input name="text" aria-label="Message" autoComplete="off" required />
        <button type="submit">Send</button>
      </form>
      <p role="status">{note}</p>
    </>
  );
}

function App(hotline) {
  const [isIn, setIn] = useState(true);
  return isIn ? <Chat {...hotline} onLeave={() => setIn(false)} /> : <h1>You left the chat</h1>;
}

const root = document.querySelector("#chat");
createRoot(root).render(
  <StrictMode>
    <App service={root.dataset.service} partner={root.dataset.partner} />
  </StrictMode>,
);
