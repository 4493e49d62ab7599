// What the package's types allow, and what they refuse. It is compiled and never run.
import { loadReportAbuse, type ReportAbuseElement } from "@openhotline/report-abuse";
import { ReportAbuse } from "@openhotline/report-abuse/react";
import "@openhotline/report-abuse/tab.js";
import { createRef } from "react";

const Element: (new () => ReportAbuseElement) | null = await loadReportAbuse("https://hotline.example");
await loadReportAbuse(new URL("https://hotline.example"), { version: "1.0.0" });

const element = document.createElement("report-abuse");
element.context = async () => "header.claims.signature";
element.context = "header.claims.signature";
element.open();
element.addEventListener("report-abuse:error", ({ detail }) => detail.code satisfies string);
// @ts-expect-error nobody is told what was written
element.addEventListener("report-abuse:submitted", ({ detail }) => detail.receipt);
// @ts-expect-error a context is a token, not what it says
element.context = { conversation_id: "chat-17" };

const ref = createRef<ReportAbuseElement>();
export const all = (
  <ReportAbuse ref={ref} service="https://hotline.example" partner="acme" onError={({ code }) => console.log(code)} />
);
// @ts-expect-error the partner's code is needed
export const nobodys = <ReportAbuse service="https://hotline.example" />;
// @ts-expect-error no such place
export const nowhere = <ReportAbuse service="https://hotline.example" partner="acme" placement="middle" />;
export default Element;
