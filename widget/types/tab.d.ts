/** A token your server signed, or what fetches one. It is called once each time somebody pressed the button. */
export type ReportContext = string | (() => string | null | undefined | Promise<string | null | undefined>);

/** Why something did not work. `context`: your function failed; `unreachable`: the hotline's page did not come. */
export type ReportErrorCode = "context" | "unreachable" | (string & {});

export interface ReportAbuseElement extends HTMLElement {
  context?: ReportContext | null;
  open(): void;
  close(): void;
}

export type ReportAbuseTheme = "auto" | "light" | "dark" | "high-contrast";
export type ReportAbusePlacement = "inline" | "end-bottom" | "start-bottom" | "end-top" | "start-top";

export interface ReportAbuseEventMap {
  "report-abuse:open": CustomEvent<null>;
  "report-abuse:close": CustomEvent<null>;
  /** Comes only if the hotline agreed to tell you; it never says what was sent. */
  "report-abuse:submitted": CustomEvent<null>;
  "report-abuse:error": CustomEvent<{ code: ReportErrorCode }>;
}

declare global {
  interface HTMLElementTagNameMap {
    "report-abuse": ReportAbuseElement;
  }
  interface GlobalEventHandlersEventMap extends ReportAbuseEventMap {}
}
