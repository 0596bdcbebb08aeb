interface Appointment {
  readonly atMs: number;
  /** Order of asking, so that what is due at the same time happens in one order in every run. */
  readonly turn: number;
  readonly action: () => void;
}

/** Time that passes only when nothing is left to do. Between two instants every promise that can settle has settled. */
export class VirtualTime {
  /** A binary heap: the children of place i are at 2i + 1 and 2i + 2, and come after it. */
  readonly #heap: Appointment[] = [];
  #turns = 0;
  #nowMs = 0;

  /** Milliseconds since the simulation began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Does `action` at `atMs`, or now where that has passed. */
  at(atMs: number, action: () => void): void {
    const appointment = { atMs: Math.max(Math.ceil(atMs), this.#nowMs), turn: this.#turns++, action };
    const heap = this.#heap;
    let place = heap.push(appointment) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, appointment)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = appointment;
  }

  /** Lets time pass until `endMs`. */
  async runUntil(endMs: number): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= endMs; next = this.#heap[0]) {
      this.#nowMs = next.atMs;
      for (let due: Appointment | undefined = next; due?.atMs === this.#nowMs; due = this.#heap[0]) {
        this.#takeFirst();
        due.action();
      }
      await allSettled();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  #takeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (isBefore(last, child)) break;
      heap[place] = child;
      place = 2 * place + (isRight ? 2 : 1);
    }
    heap[place] = last;
  }
}

function isBefore(a: Appointment, b: Appointment): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.turn < b.turn);
}

/** The event loop turns over only when no promise is left that can go on: a turn, not a time. */
function allSettled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
