// What a messenger has in its database. All of it is invented.
export const CONVERSATIONS = {
  "chat-17": {
    with: { id: "user-alex", handle: "@alex" },
    messages: [
      { id: "m1", sender: "@alex", at: "2026-11-20T16:01:00Z", text: "Hi! You played really well yesterday." },
      { id: "m2", sender: "@robin", at: "2026-11-20T16:02:00Z", text: "Thanks :) you too" },
      { id: "m3", sender: "@alex", at: "2026-11-20T16:04:00Z", text: "This chat is our secret, ok?" },
      { id: "m4", sender: "@alex", at: "2026-11-20T16:05:00Z", text: "Do you want to meet after school?" },
    ],
  },
};
