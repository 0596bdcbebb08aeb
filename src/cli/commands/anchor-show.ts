import { Command } from "commander";
import { iAnchorsAbi, iAuthorityAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { chainTime, read } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addressOrName } from "../chain/signer.ts";
import { addDocumentsOption, documentsOf, type DocumentStore } from "../documents/document-store.ts";
import { identityOf } from "../documents/identity-record.ts";
import { outputOf } from "../output.ts";
import { allAnchors, anchorState, type AnchorState } from "../state/anchors.ts";
import { allTeams } from "../state/teams.ts";
import { factsText, tableText } from "../text/table.ts";
import { addressBookOf } from "../values/address-book.ts";
import { countdownText, timeText } from "../values/time.ts";

function nameText(store: DocumentStore, { anchor, identity }: AnchorState): string {
  const found = identityOf(store, anchor, identity);
  return found.state === "present" ? `${found.record.name}, ${found.record.role}` : `(record ${found.state})`;
}

function lifeText({ status, liveUntil }: AnchorState, now: number): string {
  return status === "live" || status === "lapsed" ? countdownText(liveUntil, now) : "";
}

/** `mandate anchor list` */
export function anchorListCommand(): Command {
  const command = addDocumentsOption(addSessionOptions(new Command("list")));
  command.description("show everybody who was ever enrolled, with name and role where the record is at hand");
  return command.action(async () => {
    const session = await sessionOf(command);
    const [anchors, quorum, now] = await Promise.all([
      allAnchors(session),
      read(session, "Anchors", iAnchorsAbi, "quorum", []),
      chainTime(session),
    ]);
    const book = addressBookOf(session);
    const store = documentsOf(command);
    const rows = anchors.map((each) => {
      return [book.short(each.anchor), each.status, lifeText(each, now), nameText(store, each)];
    });
    const named = anchors.map((each) => ({ ...each, record: identityOf(store, each.anchor, each.identity) }));
    const text = tableText(["anchor", "status", "live until", "who"], rows, "Nobody was ever enrolled.");
    outputOf(command).result({ anchors: named, quorum }, `${text}\n\nA quorum of live anchors: ${quorum}`);
  });
}

async function answersFor(session: Session, anchor: Hex) {
  const [tasks, substitute, teams] = await Promise.all([
    read(session, "Authority", iAuthorityAbi, "openTasksOf", [anchor]),
    read(session, "Anchors", iAnchorsAbi, "substituteOf", [anchor]),
    allTeams(session),
  ]);
  const own = teams.filter((team) => team.status === "open" && team.anchor.toLowerCase() === anchor.toLowerCase());
  return { tasks, substitute, teams: own.map(({ team, place }) => ({ team, place })) };
}

/** `mandate anchor show` */
export function anchorShowCommand(): Command {
  const base = new Command("show").argument("<account>", "the anchor", addressOrName);
  const command = addDocumentsOption(addSessionOptions(base));
  command.description("show an anchor: who it is, until when it is live, what it answers for, who substitutes");
  return command.action(async (anchor: Hex) => {
    const session = await sessionOf(command);
    const state = await anchorState(session, anchor);
    if (state.status === "none") {
      throw new MandateError("AnchorUnknown", `${anchor} was never enrolled as an anchor`, {
        kind: "input",
        data: { anchor },
        remedy: "mandate anchor list shows the anchors.",
      });
    }
    const [{ tasks, substitute, teams }, now] = await Promise.all([answersFor(session, anchor), chainTime(session)]);
    const book = addressBookOf(session);
    const store = documentsOf(command);
    const text = factsText([
      ["anchor", book.full(anchor)],
      ["who", nameText(store, state)],
      ["status", state.status],
      ["live until", state.liveUntil === 0 ? "never" : `${timeText(state.liveUntil)}, ${lifeText(state, now)}`],
      ["substitute", book.full(substitute)],
      ["teams", teams.map(({ team, place }) => `${team} (${place})`).join(", ") || "none"],
      ["open tasks", tasks.join(", ") || "none"],
      ["identity", state.identity],
    ]);
    const record = identityOf(store, anchor, state.identity);
    outputOf(command).result({ ...state, record, substitute, teams, openTasks: tasks }, text);
  });
}
