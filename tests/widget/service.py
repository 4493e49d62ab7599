"""A hotline of few words: it serves the tab and a frame that speaks protocol v1 and does as a test says."""

from dataclasses import dataclass, field

from core.settings import ROOT
from tests.widget.origins import HTML, SCRIPT, Asked, Origin, Paper

TAB = (ROOT / "widget/tab.js").read_text()
FRAME = """<!doctype html><html lang="en"><title>Report</title><body style="margin:0;font:1rem sans-serif">
<h1 tabindex="-1">What happened?</h1><input aria-label="What happened">
<script>
const host = {host};
const heard = [];
let port;
addEventListener("message", ({{ data, origin, source, ports }}) => {{
  if (source !== parent || !host.includes(origin) || data?.ra !== 1 || data.type !== "init" || port) return;
  heard.push(data);
  [port] = ports;
  port.onmessage = ({{ data }}) => heard.push(data);
  if (!location.hash.includes("mute")) port.postMessage({{ type: "ready" }});
}});
addEventListener("focus", () => document.querySelector("h1").focus());
addEventListener("keydown", ({{ key }}) => key === "Escape" && port?.postMessage({{ type: "close" }}));
</script>"""
OPEN = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}


@dataclass(frozen=True, eq=False)
class Service(Origin):
    """Partner `acme` may embed it at the origins in `listed`; others get the same empty page."""

    listed: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Paper | None:
        if paper := super().answer(asked):
            return paper
        if asked.path == "/embed/v1/tab.js":
            return Paper(TAB, SCRIPT, OPEN)
        if asked.path == "/embed/v1/frame":
            return self._frame(asked)
        return Paper("<!doctype html><title>Report</title><h1>Report</h1>") if asked.path == "/p/acme" else None

    def _frame(self, asked: Asked) -> Paper:
        listed = self.listed if asked.query.get("partner") == ["acme"] else []
        policy = {"content-security-policy": "frame-ancestors " + (" ".join(listed) or "'none'")}
        return Paper(FRAME.format(host=listed) if listed else "<!doctype html><title></title>", HTML, policy | OPEN)
