import type pg from "pg";
import type { DecodedEvent } from "../../chain/events/decode-event.ts";
import { plainJson } from "../events/plain-json.ts";
import { subjectOf } from "../events/subject.ts";

/** Words that an event may say about why it happened and who answers for it; not every event does. */
function wordOf(event: DecodedEvent, argument: "cause" | "anchor"): string | null {
  const value = event.args[argument];
  return typeof value === "string" ? value : null;
}

/** Records the events themselves, in order: the history that pages show. */
export async function recordEvents(tx: pg.PoolClient, events: readonly DecodedEvent[]): Promise<void> {
  if (events.length === 0) return;
  const documents = events.map((event) => {
    const { entity, id } = subjectOf(event);
    return {
      contract: event.log.address,
      name: event.name,
      args: plainJson(event.args),
      cause: wordOf(event, "cause"),
      anchor: wordOf(event, "anchor"),
      entity,
      entity_id: id,
      block_number: Number(event.log.blockNumber),
      block_hash: event.log.blockHash,
      block_timestamp: Number(event.log.blockTimestamp),
      transaction_hash: event.log.transactionHash,
      log_index: event.log.logIndex,
    };
  });
  const columns = Object.keys(documents[0] ?? {}).join(", ");
  await tx.query(
    `INSERT INTO event (${columns}) SELECT ${columns} FROM ROWS FROM (jsonb_populate_recordset(NULL::event, $1::jsonb)) WITH ORDINALITY
     ORDER BY ordinality`,
    [JSON.stringify(documents)],
  );
}
