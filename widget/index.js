// Fetches the tab from the hotline that runs it. On a server there is nothing to fetch, and no element.
const loading = new Map();
let failures = 0;

/** The class of `<report-abuse>`, when it is there. `version` is "v1" (the newest of it) or exact, like "1.0.0". */
export function loadReportAbuse(service, { version = "v1" } = {}) {
  if (typeof customElements === "undefined") return Promise.resolve(null);
  const url = new URL(`/embed/${version}/tab.js`, service).href;
  if (!loading.has(url)) loading.set(url, load(url));
  return loading.get(url);
}

async function load(url) {
  try {
    // Browsers keep a module that failed, by its whole address.
    await import(/* webpackIgnore: true */ /* @vite-ignore */ failures ? `${url}#${failures}` : url);
    return customElements.get("report-abuse");
  } catch (error) {
    failures += 1;
    loading.delete(url);
    throw error;
  }
}
