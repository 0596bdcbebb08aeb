import type { Clock } from "../../core/clock.ts";

/** How long an endpoint that contradicted the others stays an alert. */
const ALERT_MS = 10 * 60_000;

export interface DisagreementAlert {
  readonly type: "rpc-disagreement";
  readonly endpoint: string;
  /** What it was asked last when it contradicted the others. */
  readonly method: string;
  /** Contradictions since the alert began. */
  readonly count: number;
}

/** Endpoints that contradicted the quorum lately. */
export class DisagreementWatch {
  readonly #clock: Clock;
  readonly #onAlert: (alert: DisagreementAlert) => void;
  readonly #last = new Map<string, { readonly alert: DisagreementAlert; readonly atMs: number }>();

  /** `onAlert` is told when an alert begins, and not of each contradiction: one that lies does so at every read. */
  constructor(clock: Clock, onAlert: (alert: DisagreementAlert) => void) {
    this.#clock = clock;
    this.#onAlert = onAlert;
  }

  get alerts(): readonly DisagreementAlert[] {
    return [...this.#last.values()].filter(({ atMs }) => this.#isRecent(atMs)).map(({ alert }) => alert);
  }

  note({ endpoint, method }: { readonly endpoint: string; readonly method: string }): void {
    const known = this.#last.get(endpoint);
    const begins = known === undefined || !this.#isRecent(known.atMs);
    const alert = { type: "rpc-disagreement", endpoint, method, count: begins ? 1 : known.alert.count + 1 } as const;
    this.#last.set(endpoint, { alert, atMs: this.#clock.nowMs() });
    if (begins) this.#onAlert(alert);
  }

  #isRecent(atMs: number): boolean {
    return this.#clock.nowMs() - atMs < ALERT_MS;
  }
}
