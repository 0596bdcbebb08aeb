import { MandateError } from "../../src/core/errors/mandate-error.ts";
import { assertPortFree, portOffsets } from "../../src/stack/ports.ts";

const FIRST_BASE = 4_300;
const LAST_BASE = 6_300;
const STEP = 100;

/** Every offset that a local stack uses. */
const offsets = [
  ...[
    portOffsets.chain,
    portOffsets.postgres,
    portOffsets.web,
    portOffsets.acl,
    portOffsets.notify,
    portOffsets.evidence,
    portOffsets.metrics,
    portOffsets.metrics + 1,
    portOffsets.metrics + 2,
  ],
  ...[1, 2, 3, 4].map((number) => portOffsets.operator + number),
  ...[1, 2, 3].map((number) => portOffsets.attestor + number),
];

async function isFree(base: number): Promise<boolean> {
  try {
    for (const offset of offsets) await assertPortFree(base + offset, "a local stack");
    return true;
  } catch {
    return false;
  }
}

/** A port base where everything is free, so that a throw-away stack runs beside whatever else runs. */
export async function findPortBase(): Promise<number> {
  for (let base = FIRST_BASE; base <= LAST_BASE; base += STEP) {
    if (await isFree(base)) return base;
  }
  throw new MandateError("NoPortsFree", `no block of ports from ${FIRST_BASE} to ${LAST_BASE} is free`, {
    kind: "environment",
  });
}
