// A plugin for Converse: a button in the toolbar of each conversation, which reports that one.
const MOST = 100;

/** `token(about)` asks your own server to sign which conversation a report is about. */
export function addReportAbuse(converse, { service, partner, token }) {
  const about = ({ messages, attributes }) => ({
    conversation: attributes.jid,
    with: { id: attributes.jid },
    messages: messages.models.map((message) => message.get("msgid")).filter(Boolean).slice(-MOST),
  });

  converse.plugins.add("report-abuse", {
    initialize() {
      const { api } = this._converse;
      const { html } = converse.env;
      api.listen.on("getToolbarButtons", (toolbar, buttons) => [
        ...buttons,
        html`<report-abuse
          service=${service}
          partner=${partner}
          font-scale="0.875"
          .context=${() => token(about(toolbar.model))}
        >
          <a href="${service}/p/${partner}">Report abuse</a>
        </report-abuse>`,
      ]);
    },
  });
}
