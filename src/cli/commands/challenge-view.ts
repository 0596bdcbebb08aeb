import { chainTime } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import { placesOf } from "../state/teams.ts";
import type { ChallengeView } from "../text/challenge-text.ts";
import { addressBookOf } from "../values/address-book.ts";

/** What texts about challenges need, read once. */
export async function challengeViewOf(session: Session, store: DocumentStore): Promise<ChallengeView> {
  const [places, now] = await Promise.all([placesOf(session), chainTime(session)]);
  return { book: addressBookOf(session), places, store, now };
}
