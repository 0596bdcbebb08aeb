import { Counter, Gauge, Registry } from "prom-client";

export interface StoreUsage {
  readonly bytes: number;
  readonly contents: number;
  readonly records: number;
}

/** What the service exposes at `/metrics`. */
export interface EvidenceMetrics {
  readonly uploads: Counter<"result">;
  readonly reads: Counter<"result">;
  render(usage: StoreUsage, totalBytes: number): Promise<{ readonly text: string; readonly contentType: string }>;
}

/** Metrics in a registry of their own, so that several services can live in one process. */
export function createEvidenceMetrics(): EvidenceMetrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `mandate_evidence_${name}`, help, registers });
  const counter = (name: string, help: string): Counter<"result"> =>
    new Counter({ name: `mandate_evidence_${name}_total`, help, labelNames: ["result"], registers });
  const bytes = gauge("bytes", "sum of all contents");
  const quota = gauge("quota_bytes", "largest sum of all contents");
  const contents = gauge("contents", "different contents");
  const records = gauge("records", "contents, counted once for each milestone");
  return {
    uploads: counter("uploads", "uploads of those who may, by what came of them"),
    reads: counter("reads", "reads of those who may, by what came of them"),
    async render(usage, totalBytes) {
      bytes.set(usage.bytes);
      quota.set(totalBytes);
      contents.set(usage.contents);
      records.set(usage.records);
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
  };
}
