// What on this page, in a reader's own `style`, does not fit its window or is smaller than `least` CSS pixels.
({ style, least }) => {
  const found = [];
  const worn = document.head.appendChild(document.createElement("style"));
  worn.textContent = style;
  const page = document.scrollingElement;
  const name = (element) => element.outerHTML.slice(0, 120);
  if (page.scrollWidth > page.clientWidth) {
    const sticksOut = (element) => {
      const box = element.getBoundingClientRect();
      return box.right > page.clientWidth + 1 || box.left < -1;
    };
    const culprits = [...document.body.querySelectorAll("*")].filter(sticksOut).map(name);
    found.push(`${page.scrollWidth} px wide in a window of ${page.clientWidth}: ${culprits.join(" | ")}`);
  }
  const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "";
  const isInSentence = (element) => element.tagName === "A" && [...element.parentNode.childNodes].some(isText);
  // A label is part of what can be pressed, so a small dot with a large label beside it is large enough.
  const size = (target) => {
    const boxes = [target, ...(target.labels ?? [])].map((part) => part.getBoundingClientRect());
    const side = (start, end) => Math.max(...boxes.map((box) => box[end])) - Math.min(...boxes.map((box) => box[start]));
    return { width: side("left", "right"), height: side("top", "bottom") };
  };
  const targets = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  for (const target of document.querySelectorAll(targets)) {
    const box = size(target);
    if (!isInSentence(target) && (box.width < least || box.height < least))
      found.push(`${Math.round(box.width)} x ${Math.round(box.height)} px: ${name(target)}`);
  }
  worn.remove();
  return found;
}
