import { z } from "zod";

/** What `GET /v1/status` answers. Times in seconds or, where a name says so, as ISO 8601. */
export const notifyStatusSchema = z.strictObject({
  chainId: z.number(),
  /** Last block that is taken in; null before the first. */
  block: z.number().nullable(),
  /** Its time on the chain's clock. */
  chainTime: z.number().nullable(),
  /** Whether the history is complete, the service follows, and the node answers. */
  healthy: z.boolean(),
  trouble: z.object({ code: z.string(), message: z.string(), contract: z.string().optional() }).nullable(),
  /** Since the node last answered; null before it ever did. */
  silenceSeconds: z.number().nullable(),
  /** Notices that wait for somebody now. */
  waiting: z.number(),
  channels: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.string(),
      queued: z.number(),
      sent: z.number(),
      withdrawn: z.number(),
      /** Not acknowledged before it was too late. */
      expired: z.number(),
      /** Why the last attempt of something queued failed. */
      lastError: z.string().nullable(),
      nextAttemptAt: z.string().nullable(),
    }),
  ),
  oldestQueuedSeconds: z.number(),
  /** Nobody subscribed to them, and `unrouted` names no channel. */
  unrouted: z.array(z.strictObject({ id: z.string(), title: z.string() })),
  /** The latest that nobody heard of in time. */
  expired: z.array(
    z.strictObject({ id: z.string(), title: z.string(), channel: z.string(), lastError: z.string().nullable() }),
  ),
});

export type NotifyStatus = z.infer<typeof notifyStatusSchema>;
