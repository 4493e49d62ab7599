import type { ForwardRefExoticComponent, HTMLAttributes, ReactNode, RefAttributes } from "react";
import type {
  ReportAbuseElement,
  ReportAbusePlacement,
  ReportAbuseTheme,
  ReportContext,
  ReportErrorCode,
} from "./tab.js";

export interface ReportAbuseProps extends Omit<HTMLAttributes<HTMLElement>, "children" | "onError"> {
  /** The hotline's origin. */
  service: string;
  /** Your code there. */
  partner: string;
  context?: ReportContext | null;
  theme?: ReportAbuseTheme;
  placement?: ReportAbusePlacement;
  /** Six hexadecimal digits, like `#0e5a57`. */
  accent?: string;
  radius?: number | string;
  fontScale?: number;
  /** The words of the link that is there without scripts. */
  children?: ReactNode;
  onOpen?: () => void;
  onClose?: () => void;
  onSubmitted?: () => void;
  onError?: (error: { code: ReportErrorCode }) => void;
}

export const ReportAbuse: ForwardRefExoticComponent<ReportAbuseProps & RefAttributes<ReportAbuseElement>>;
