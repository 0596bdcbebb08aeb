import type { Hex } from "../../core/hex.ts";
import type { SignedMessage } from "../agreement/message.ts";
import type { AgreementPeer } from "../node/operator-node.ts";
import type { Network } from "./network.ts";
import { PEER_TIMEOUT_MS } from "./pace.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** The way from one operator to another. */
export interface PeerTerms {
  /** The target, as people name it. */
  readonly url: string;
  readonly time: VirtualTime;
  readonly network: () => Network;
  /** Addresses by which asker and target sign now. */
  readonly ends: () => { readonly asker: Hex; readonly target: Hex };
  /** What the target shows the asker of an epoch now. A list that is the same object has only grown. */
  readonly held: (epoch: number) => readonly SignedMessage[];
}

/** The same answer for millions of pulls. */
const unchanged = Promise.resolve({ ok: false, reason: "unchanged", detail: "" } as const);

/** An operator as another one reaches it. As over HTTP, what has not changed is not sent again. */
export function simulatedPeer({ url, time, network, ends, held }: PeerTerms): AgreementPeer {
  let seen: { readonly list: readonly SignedMessage[]; readonly length: number } | undefined;
  return {
    url,
    forget: () => {
      seen = undefined;
    },
    messages: (epoch) => {
      const now = held(epoch);
      if (now.length === 0 || (seen?.list === now && seen.length === now.length)) return unchanged;
      const way = network();
      const { asker, target } = ends();
      return new Promise((answer) => {
        let isOver = false;
        time.at(time.nowMs + PEER_TIMEOUT_MS, () => {
          isOver = true;
          answer({ ok: false, reason: "unreachable", detail: "no answer in time" });
        });
        way.carry(asker, target, () => {
          const list = held(epoch);
          const value = [...list];
          way.carry(target, asker, () => {
            if (isOver) return;
            seen = { list, length: value.length };
            answer({ ok: true, value });
          });
        });
      });
    },
  };
}
