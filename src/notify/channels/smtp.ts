import { createTransport } from "nodemailer";
import type { Channel } from "./channel.ts";
import { messageText } from "./message-text.ts";

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte, `starttls` required before anything is said, `none` for a server on this machine. */
  readonly security: "tls" | "starttls" | "none";
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly from: string;
  readonly to: string;
  readonly timeoutMs: number;
}

/** Mail by SMTP. Acknowledged is what the server accepted for the one receiver; what it does then is its own. */
export function createSmtpChannel(options: SmtpOptions): Channel {
  const { host, port, security, user, password, from, to, timeoutMs } = options;
  const transport = createTransport({
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([^@>\s]+)>?$/.exec(from)?.[1] ?? "localhost";
  return {
    timeoutMs,
    async send({ id, notice }) {
      await transport.sendMail({
        from,
        to,
        subject: `[${notice.urgency}] ${notice.title}`,
        text: messageText(notice),
        messageId: `<${id}@${domain}>`, // mail programs show a repetition once
        headers: { "Auto-Submitted": "auto-generated", "X-Mandate-Rule": notice.rule },
      });
    },
    close: () => {
      transport.close();
      return Promise.resolve();
    },
  };
}
