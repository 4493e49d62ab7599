// Converse as it comes from npm; the tab is one plugin more.
import "/node_modules/converse.js/dist/converse.min.js";
import { token } from "/ask.js";
import { addReportAbuse } from "/converse/plugin.js";

const { service, partner, xmpp } = document.body.dataset;
const lang = new URLSearchParams(location.search).get("lang") ?? "en";
Object.assign(document.documentElement, { lang, dir: lang === "ar" ? "rtl" : "ltr" });

addReportAbuse(converse, { service, partner, token });
converse.initialize({
  bosh_service_url: xmpp,
  view_mode: "fullscreen",
  allow_registration: false,
  autocomplete_providers_url: "",
  discover_connection_methods: false,
  assets_path: "/node_modules/converse.js/dist/",
  whitelisted_plugins: ["report-abuse"],
  blacklisted_plugins: ["converse-omemo", "converse-omemo-views"],
  i18n: lang,
});
