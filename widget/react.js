// <ReportAbuse> for React 18 and newer: the element, its events as props, and the link for whoever has no scripts.
import { createElement, forwardRef, useEffect, useImperativeHandle, useRef } from "react";
import { loadReportAbuse } from "./index.js";

const PROPS = { open: "onOpen", close: "onClose", submitted: "onSubmitted", error: "onError" };

export const ReportAbuse = forwardRef(function ReportAbuse(
  { service, partner, context, fontScale, children = "Report abuse", onOpen, onClose, onSubmitted, onError, ...rest },
  ref,
) {
  const element = useRef(null);
  const heard = useRef({});
  useImperativeHandle(ref, () => element.current, []);
  useEffect(() => {
    element.current.context = context;
    heard.current = { onOpen, onClose, onSubmitted, onError };
  });
  useEffect(() => listen(element.current, heard), []);
  useEffect(() => {
    loadReportAbuse(service).catch(() => heard.current.onError?.({ code: "unreachable" }));
  }, [service]);
  const link = createElement("a", { href: new URL(`/p/${partner}`, service).href }, children);
  return createElement("report-abuse", { ...rest, service, partner, "font-scale": fontScale, ref: element }, link);
});

function listen(element, heard) {
  const stop = new AbortController();
  for (const [event, prop] of Object.entries(PROPS)) {
    const tell = ({ detail }) => heard.current[prop]?.(detail ?? undefined);
    element.addEventListener(`report-abuse:${event}`, tell, { signal: stop.signal });
  }
  return () => stop.abort();
}
