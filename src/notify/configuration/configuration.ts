import { dirname, resolve } from "node:path";
import { z } from "zod";
import { addressSchema, listenSchema, readConfiguration } from "../../chain/hosting/read-configuration.ts";
import type { Hex } from "../../core/hex.ts";
import { urgencies } from "../notices/notice.ts";
import { rules } from "../rules/find-due.ts";
import { secretSchema } from "../../chain/hosting/secret.ts";

const timeoutMs = z.number().int().min(100).max(120_000).default(10_000);
const mailbox = z
  .string()
  .regex(/^[^\r\n]*[^\s@]@[^\s@]+$/, "an e-mail address, such as Mandate <mandate@example.org>");
const ruleName = z.enum(rules.map(({ name }) => name) as [string, ...string[]]);
const channelName = z.string().regex(/^[a-z0-9-]{1,40}$/);

const smtpSchema = z
  .strictObject({
    kind: z.literal("smtp"),
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535),
    security: z.enum(["tls", "starttls", "none"]),
    user: z.string().min(1).optional(),
    password: secretSchema.optional(),
    from: mailbox,
    to: mailbox,
    timeoutMs,
  })
  .refine(
    ({ user, password }) => (user === undefined) === (password === undefined),
    "a user and a password, or neither",
  )
  .refine(({ security, password }) => security !== "none" || password === undefined, {
    message: "a password is never sent without encryption: tls or starttls",
    path: ["security"],
  });

const webhookSchema = z.strictObject({
  kind: z.literal("webhook"),
  /** The address, or where it stands if it is itself a secret. */
  url: z.union([z.url({ protocol: /^https?$/ }), secretSchema]),
  /** Signs every body. */
  secret: secretSchema,
  /** Allows receivers on this machine or in its network, and addresses without encryption. */
  allowPrivate: z.boolean().default(false),
  timeoutMs,
});

const feedSchema = z.strictObject({ kind: z.literal("feed"), token: secretSchema });
const fileSchema = z.strictObject({ kind: z.literal("file"), path: z.string().min(1), timeoutMs });

const channelSchema = z.discriminatedUnion("kind", [smtpSchema, webhookSchema, feedSchema, fileSchema]);

const subscriptionSchema = z.strictObject({
  to: z.union([
    z.strictObject({ address: addressSchema }),
    z.strictObject({ team: z.number().int().positive() }),
    z.strictObject({ anchor: addressSchema }),
    z.strictObject({ everything: z.literal(true) }),
  ]),
  rules: z.array(ruleName).min(1).optional(),
  urgency: z.enum(urgencies).default("notice"),
  channels: z.array(channelName).min(1),
});

const seconds = z.number().int().positive();

const fieldsSchema = z.strictObject({
  chainId: z.number().int().positive(),
  rpcUrl: z.url(),
  /** File of the deployment record. */
  deployment: z.string().min(1),
  /** File of the database: what is followed, queued and sent. */
  database: z.string().min(1),
  listen: listenSchema,
  /** Pause between two looks at the head of the chain. */
  pollMs: z.number().int().min(10).max(60_000).default(1_000),
  /** Silence of the node after which the service calls itself unhealthy. */
  maximumSilenceSeconds: seconds.default(120),
  /** What notices call addresses. */
  names: z.record(addressSchema, z.string().min(1).max(80)).default({}),
  /** After how long what has no end is told again. */
  remindAfterSeconds: seconds.default(30 * 86_400),
  /** How long before an end people are told of it, by rule. */
  aheadSeconds: z.partialRecord(ruleName, z.array(seconds).min(1).max(5)).default({}),
  retry: z
    .strictObject({
      firstMs: z.number().int().min(10).default(5_000),
      longestMs: z.number().int().min(10).default(900_000),
    })
    .prefault({}),
  channels: z.record(channelName, channelSchema),
  subscriptions: z.array(subscriptionSchema).default([]),
  /** Channels for what nobody subscribed to. */
  unrouted: z.array(channelName).default([]),
});

const configurationSchema = fieldsSchema.superRefine(({ channels, subscriptions, unrouted }, context) => {
  const uses = [
    ...subscriptions.flatMap((each, index) =>
      each.channels.map((name, place) => ({ name, path: ["subscriptions", index, "channels", place] })),
    ),
    ...unrouted.map((name, place) => ({ name, path: ["unrouted", place] })),
  ];
  for (const { name, path } of uses) {
    if (!Object.hasOwn(channels, name))
      context.addIssue({ code: "custom", message: `there is no channel ${name}`, path });
  }
});

export type ChannelConfiguration = z.infer<typeof channelSchema>;

/** Settings of the notification service; paths are absolute. */
export type NotifyConfiguration = Omit<z.infer<typeof configurationSchema>, "names"> & {
  readonly names: Readonly<Record<Hex, string>>;
  /** Directory from which the files of secrets are counted. */
  readonly directory: string;
};

function located(channel: ChannelConfiguration, directory: string): ChannelConfiguration {
  return channel.kind === "file" ? { ...channel, path: resolve(directory, channel.path) } : channel;
}

/**
 * Reads a configuration file (YAML or JSON); relative paths count from its directory.
 * @throws {MandateError} `ConfigurationInvalid` with the exact path of what is wrong.
 */
export function loadNotifyConfiguration(path: string): NotifyConfiguration {
  const configuration = readConfiguration(path, configurationSchema);
  const directory = dirname(resolve(path));
  return {
    ...configuration,
    directory,
    deployment: resolve(directory, configuration.deployment),
    database: resolve(directory, configuration.database),
    channels: Object.fromEntries(
      Object.entries(configuration.channels).map(([name, channel]) => [name, located(channel, directory)]),
    ),
  };
}

/** Every key that a configuration can have, those of channels and subscriptions with a dot. */
export const configurationKeys: readonly string[] = [
  ...Object.keys(fieldsSchema.shape),
  ...[smtpSchema, webhookSchema, feedSchema, fileSchema].flatMap(({ shape }) =>
    Object.keys(shape).map((key) => `${shape.kind.value}.${key}`),
  ),
  ...Object.keys(subscriptionSchema.shape).map((key) => `subscriptions.${key}`),
  ...["address", "team", "anchor", "everything"].map((key) => `subscriptions.to.${key}`),
  ...["firstMs", "longestMs"].map((key) => `retry.${key}`),
];
