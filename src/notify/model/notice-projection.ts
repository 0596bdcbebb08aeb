import { decodeEvent } from "../../chain/events/decode-event.ts";
import { registeredBy } from "../../chain/events/registered-by.ts";
import type { Projection } from "../../chain/projection/run-projection.ts";
import type { Hex } from "../../core/hex.ts";
import type { Writes } from "../store/followed-state.ts";
import { foldEvent } from "./fold/fold-event.ts";
import { forget } from "./forget.ts";

/** What may wait for somebody, projected from the logs of every contract that the authority registered. */
export function noticeProjection(
  authorityAddress: Hex,
  committed: NonNullable<Projection<Writes>["committed"]>,
): Projection<Writes> {
  const authority = authorityAddress.toLowerCase() as Hex;
  return {
    roots: [authority],
    discover: registeredBy(authority),
    apply(writes, block, logs) {
      for (const log of logs) writes.apply(foldEvent(writes.state, decodeEvent(log)));
      writes.apply(forget(writes.state, Number(block.timestamp)));
      return Promise.resolve();
    },
    committed,
  };
}
