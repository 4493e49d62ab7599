import type { ReportAbuseElement } from "./tab.js";

export type {
  ReportAbuseElement,
  ReportAbuseEventMap,
  ReportAbusePlacement,
  ReportAbuseTheme,
  ReportContext,
  ReportErrorCode,
} from "./tab.js";

/**
 * Fetches the tab from `service`, the hotline's origin. Resolves to the element's class, to null on a server.
 * Rejects when it cannot be fetched; the next call tries again.
 */
export function loadReportAbuse(
  service: string | URL,
  options?: { version?: string },
): Promise<(new () => ReportAbuseElement) | null>;
