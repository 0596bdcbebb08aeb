import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Notice } from "../notices/notice.ts";
import { transaction } from "../store/database.ts";

/**
 *            cause gone          due time over
 * withdrawn ◀────────── queued ───────────────▶ expired
 *     └──cause is back────▲ └──acknowledged──▶ sent
 */
export type DeliveryStatus = "queued" | "sent" | "withdrawn" | "expired";

/** One notice on its way to one channel. */
export interface Delivery {
  /** Idempotency key: the same for every attempt, whatever happened between them. */
  readonly id: string;
  readonly channel: string;
  readonly notice: Notice;
  readonly status: DeliveryStatus;
  readonly queuedAtMs: number;
  readonly nextAttemptMs: number;
  /** Attempts that failed. */
  readonly attempts: number;
  readonly endedAtMs: number | null;
  readonly lastError: string | null;
}

/** What a look at the rules changed. */
export interface Reconciled {
  readonly queued: readonly Delivery[];
  readonly withdrawn: readonly Delivery[];
  /** Not acknowledged before it was too late: nobody heard of them. */
  readonly expired: readonly Delivery[];
}

/** How long deliveries are remembered after their end. */
const KEPT_MS = 90 * 86_400_000;

/** The key of a notice's way to a channel. */
export function deliveryId(noticeId: string, channel: string): string {
  return createHash("sha256").update(`${noticeId}\n${channel}`).digest("hex");
}

type Row = Readonly<Record<string, unknown>>;

function deliveryOf(row: Row): Delivery {
  return {
    id: String(row["id"]),
    channel: String(row["channel"]),
    notice: JSON.parse(String(row["notice"])) as Notice,
    status: row["status"] as DeliveryStatus,
    queuedAtMs: Number(row["queued_at_ms"]),
    nextAttemptMs: Number(row["next_attempt_ms"]),
    attempts: Number(row["attempts"]),
    endedAtMs: row["ended_at_ms"] === null ? null : Number(row["ended_at_ms"]),
    lastError: typeof row["last_error"] === "string" ? row["last_error"] : null,
  };
}

/** The outbox: what was and has to be sent. Every write is durable when its method returns. */
export class DeliveryStore {
  private readonly database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  /**
   * Queues what waits and is not known, and ends what is queued but waits no longer: at `now` (seconds on the chain's clock)
   * it is too late, or its cause is gone. What was withdrawn and is back, as after a reorg, is queued again; what was sent
   * stays sent.
   */
  reconcile(
    due: readonly { readonly notice: Notice; readonly channels: readonly string[] }[],
    time: { readonly now: number; readonly nowMs: number },
  ): Reconciled {
    const { now, nowMs } = time;
    const isWaiting = new Set(due.map(({ notice }) => notice.id));
    return transaction(this.database, () => {
      const insert = this.database.prepare(
        `INSERT INTO delivery (id, notice_id, channel, notice, status, queued_at_ms, next_attempt_ms, attempts)
         VALUES (?, ?, ?, ?, 'queued', ?, ?, 0)
         ON CONFLICT (id) DO UPDATE SET status = 'queued', ended_at_ms = NULL, next_attempt_ms = excluded.next_attempt_ms
           WHERE status = 'withdrawn'
         RETURNING *`,
      );
      const queued = due.flatMap(({ notice, channels }) =>
        channels.flatMap((channel) => {
          const id = deliveryId(notice.id, channel);
          return insert.all(id, notice.id, channel, JSON.stringify(notice), nowMs, nowMs).map(deliveryOf);
        }),
      );
      const end = this.database.prepare("UPDATE delivery SET status = ?, ended_at_ms = ? WHERE id = ?");
      const over = this.withStatus("queued").filter(({ notice }) => !isWaiting.has(notice.id));
      const isLate = ({ notice }: Delivery): boolean => notice.dueAt !== null && notice.dueAt <= now;
      for (const each of over) end.run(isLate(each) ? "expired" : "withdrawn", nowMs, each.id);
      this.database.prepare("DELETE FROM delivery WHERE ended_at_ms < ?").run(nowMs - KEPT_MS);
      return { queued, withdrawn: over.filter((each) => !isLate(each)), expired: over.filter(isLate) };
    });
  }

  /** What to try next on a channel: of what may be tried at `nowMs` the one that is soonest too late. */
  ready(channel: string, nowMs: number): Delivery | undefined {
    const row = this.database
      .prepare(
        `SELECT * FROM delivery WHERE channel = ? AND status = 'queued' AND next_attempt_ms <= ?
         ORDER BY json_extract(notice, '$.dueAt') IS NULL, json_extract(notice, '$.dueAt'), rowid LIMIT 1`,
      )
      .get(channel, nowMs);
    return row === undefined ? undefined : deliveryOf(row);
  }

  /** When the next attempt on a channel is; undefined where nothing is queued. */
  nextAttemptMs(channel: string): number | undefined {
    const row = this.database
      .prepare("SELECT min(next_attempt_ms) AS next FROM delivery WHERE channel = ? AND status = 'queued'")
      .get(channel);
    return typeof row?.["next"] === "number" ? row["next"] : undefined;
  }

  /** Sent counts even where it was withdrawn meanwhile: the receiver has it. */
  markSent(id: string, nowMs: number): void {
    this.database
      .prepare("UPDATE delivery SET status = 'sent', ended_at_ms = ?, last_error = NULL WHERE id = ?")
      .run(nowMs, id);
  }

  markFailed(id: string, error: string, nextAttemptMs: number): void {
    this.database
      .prepare("UPDATE delivery SET attempts = attempts + 1, last_error = ?, next_attempt_ms = ? WHERE id = ?")
      .run(error, nextAttemptMs, id);
  }

  get(id: string): Delivery | undefined {
    const row = this.database.prepare("SELECT * FROM delivery WHERE id = ?").get(id);
    return row === undefined ? undefined : deliveryOf(row);
  }

  withStatus(status: DeliveryStatus): readonly Delivery[] {
    return this.database.prepare("SELECT * FROM delivery WHERE status = ? ORDER BY rowid").all(status).map(deliveryOf);
  }

  /** The latest that were sent to a channel, newest first. */
  latestSent(channel: string, limit: number): readonly Delivery[] {
    return this.database
      .prepare(
        "SELECT * FROM delivery WHERE channel = ? AND status = 'sent' ORDER BY ended_at_ms DESC, rowid DESC LIMIT ?",
      )
      .all(channel, limit)
      .map(deliveryOf);
  }

  /** Numbers of deliveries, by channel and status. */
  counts(): readonly { readonly channel: string; readonly status: DeliveryStatus; readonly count: number }[] {
    return this.database
      .prepare("SELECT channel, status, count(*) AS count FROM delivery GROUP BY channel, status")
      .all()
      .map((row) => ({
        channel: String(row["channel"]),
        status: row["status"] as DeliveryStatus,
        count: Number(row["count"]),
      }));
  }
}
