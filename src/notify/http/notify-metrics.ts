import { Counter, Gauge, Registry } from "prom-client";
import type { NotifyStatus } from "./status.ts";

/** What the service exposes at `/metrics`. */
export interface NotifyMetrics {
  readonly attempts: Counter<"channel" | "result">;
  /** The exposition, with what stands in the status. */
  render(status: NotifyStatus): Promise<{ readonly text: string; readonly contentType: string }>;
}

/** Metrics in a registry of their own, so that several services can live in one process. */
export function createNotifyMetrics(): NotifyMetrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `mandate_notify_${name}`, help, registers });
  const block = gauge("block", "number of the last block that is taken in");
  const silence = gauge("chain_silence_seconds", "time since the node last answered");
  const healthy = gauge("healthy", "1 while the history is complete and the node answers");
  const unrouted = gauge("unrouted", "notices that nobody subscribed to and no channel takes");
  const oldest = gauge("oldest_queued_seconds", "age of the oldest notice that is not acknowledged");
  const deliveries = new Gauge({
    name: "mandate_notify_deliveries",
    help: "notices on their way to a channel, by status",
    labelNames: ["channel", "status"],
    registers,
  });
  return {
    attempts: new Counter({
      name: "mandate_notify_attempts_total",
      help: "attempts to deliver, by what came of them",
      labelNames: ["channel", "result"],
      registers,
    }),
    async render(status) {
      block.set(status.block ?? 0);
      silence.set(status.silenceSeconds ?? 0);
      healthy.set(status.healthy ? 1 : 0);
      unrouted.set(status.unrouted.length);
      oldest.set(status.oldestQueuedSeconds);
      deliveries.reset();
      for (const { name, ...counts } of status.channels) {
        for (const each of ["queued", "sent", "withdrawn", "expired"] as const) {
          deliveries.set({ channel: name, status: each }, counts[each]);
        }
      }
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
  };
}
