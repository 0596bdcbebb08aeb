import type { Clock } from "../../core/clock.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { NotifyConfiguration } from "../configuration/configuration.ts";
import { readSecret, redacting, type SecretPlace } from "../../chain/hosting/secret.ts";
import type { Channel } from "./channel.ts";
import { createFeedChannel } from "./feed.ts";
import { createFileChannel } from "./file.ts";
import { createSmtpChannel } from "./smtp.ts";
import { createWebhookChannel } from "./webhook.ts";

export interface OpenChannels {
  readonly channels: ReadonlyMap<string, Channel>;
  /** Access tokens of the feeds, by channel. */
  readonly feedTokens: ReadonlyMap<string, string>;
  /** Takes every secret of the configuration out of a text. */
  readonly redact: (text: string) => string;
}

function checkedUrl(name: string, url: string, allowPrivate: boolean): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : "";
  if (protocol === "https:" || (protocol === "http:" && allowPrivate)) return url;
  throw new MandateError("WebhookUrlRefused", `the channel ${name} needs an https address`, {
    kind: "input",
    data: { channel: name, protocol },
    remedy: "http is for receivers on this machine or in its network: allowPrivate.",
  });
}

/** Opens the configured channels with their secrets. @throws {MandateError} `SecretMissing`, `SecretTooShort`, `WebhookUrlRefused`. */
export function openChannels(
  configuration: Pick<NotifyConfiguration, "channels" | "directory">,
  environment: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): OpenChannels {
  const secrets: string[] = [];
  const secretOf = (place: SecretPlace): string => {
    const secret = readSecret(place, configuration.directory, environment);
    secrets.push(secret);
    return secret;
  };
  const feedTokens = new Map<string, string>();
  const open = (name: string, options: NotifyConfiguration["channels"][string]): Channel => {
    switch (options.kind) {
      case "smtp": {
        const password = options.password === undefined ? undefined : secretOf(options.password);
        return createSmtpChannel({ ...options, user: options.user, password });
      }
      case "webhook": {
        const given = typeof options.url === "string" ? options.url : secretOf(options.url);
        const url = checkedUrl(name, given, options.allowPrivate);
        return createWebhookChannel({ ...options, url, secret: secretOf(options.secret), clock });
      }
      case "feed":
        feedTokens.set(name, secretOf(options.token));
        return createFeedChannel();
      case "file":
        return createFileChannel(options);
    }
  };
  const channels = new Map(Object.entries(configuration.channels).map(([name, each]) => [name, open(name, each)]));
  return { channels, feedTokens, redact: redacting(secrets) };
}
