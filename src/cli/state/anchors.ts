import { iAnchorsAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { eventsOf } from "../../sdk/events.ts";
import { read } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { anchorStatuses, nameIn } from "../../sdk/contract-enums.ts";

export interface AnchorState {
  readonly anchor: Hex;
  readonly status: string;
  /** First second in which it is live no longer. */
  readonly liveUntil: number;
  /** Hash of its identity record. */
  readonly identity: Hex;
}

export async function anchorState(session: Session, anchor: Hex): Promise<AnchorState> {
  const [status, liveUntil, identity] = await Promise.all([
    read(session, "Anchors", iAnchorsAbi, "statusOf", [anchor]),
    read(session, "Anchors", iAnchorsAbi, "liveUntil", [anchor]),
    read(session, "Anchors", iAnchorsAbi, "identityOf", [anchor]),
  ]);
  return { anchor, status: nameIn(anchorStatuses, status), liveUntil, identity };
}

/** Everybody who was ever enrolled, in that order. */
export async function allAnchors(session: Session): Promise<AnchorState[]> {
  const enrolled = await eventsOf(session, addressOf(session, "Anchors"), iAnchorsAbi, "AnchorEnrolled");
  return Promise.all([...new Set(enrolled.map(({ args }) => args.anchor))].map((each) => anchorState(session, each)));
}
