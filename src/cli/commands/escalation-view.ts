import { chainTime } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import { placesOf, scopeNames } from "../state/teams.ts";
import type { EscalationView } from "../text/escalation-text.ts";
import { addressBookOf } from "../values/address-book.ts";

/** What texts about escalations need, read once. */
export async function escalationViewOf(session: Session, store: DocumentStore): Promise<EscalationView> {
  const [places, scopes, now] = await Promise.all([placesOf(session), scopeNames(session), chainTime(session)]);
  return { book: addressBookOf(session), places, scopes, store, now };
}
