import { token } from "/ask.js";

document.querySelector("report-abuse").context = () => token({ conversation: "chat-17" });
