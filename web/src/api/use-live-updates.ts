import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { streamMessageSchema, type StreamMessage } from "../../../src/core/api/events.ts";

/** Answers that an entity's change makes out of date. */
const answersOf: Partial<Record<string, readonly string[]>> = {
  pool: ["pools"],
  project: ["projects", "pools"],
  report: ["reports", "projects"],
  attestorSet: ["projects"],
  asset: ["pools"],
  challenge: ["challenges"],
  anchor: ["challenges"],
  team: ["challenges"],
};

function staleAnswers(message: StreamMessage): readonly string[] {
  switch (message.kind) {
    case "block":
    case "trouble":
      return ["status"];
    case "change":
      return answersOf[message.entity] ?? [];
    case "reorg":
      return ["status", "pools", "projects", "reports", "challenges"];
  }
}

/** Follows the indexer's stream and asks again for what changed. The browser reconnects by itself. */
export function useLiveUpdates(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const source = new EventSource("/v1/stream");
    const take = (event: MessageEvent<string>): void => {
      const message = streamMessageSchema.safeParse(JSON.parse(event.data));
      if (!message.success) return; // a newer indexer: the timed refresh still brings every change
      for (const key of staleAnswers(message.data)) void queries.invalidateQueries({ queryKey: [key] });
    };
    for (const kind of ["block", "change", "reorg", "trouble"]) source.addEventListener(kind, take);
    return () => {
      source.close();
    };
  }, [queries]);
}
