import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { BlockHeader, BlockRef } from "../../chain/follow/block.ts";
import type { Checkpoint } from "../../chain/follow/follow.ts";
import type { Journal } from "../../chain/projection/advance-journals.ts";
import type { ProjectionTarget, Step, Trouble } from "../../chain/projection/projection-target.ts";
import type { Hex } from "../../core/hex.ts";
import { MemoryState } from "../model/memory-state.ts";
import type { Change, State } from "../model/rows.ts";
import { transaction } from "./database.ts";

/** What a block changes. */
export interface Writes {
  readonly state: State;
  apply(changes: readonly Change[]): void;
}

interface StoredJournal {
  readonly head: Hex;
  readonly events: string;
  readonly foundAt: string;
}

/** The rows that the chain's events fold to, in SQLite, with a copy in memory for the rules to read. */
export class FollowedState implements ProjectionTarget<Writes> {
  private readonly database: DatabaseSync;
  private readonly statements: Record<"read" | "write" | "remove" | "remember", StatementSync>;
  private memory: MemoryState;

  constructor(database: DatabaseSync) {
    this.database = database;
    this.statements = {
      read: database.prepare("SELECT content FROM row WHERE entity = ? AND id = ?"),
      write: database.prepare(
        "INSERT INTO row (entity, id, content) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET content = excluded.content",
      ),
      remove: database.prepare("DELETE FROM row WHERE entity = ? AND id = ?"),
      remember: database.prepare("INSERT INTO undo (block, entity, id, content) VALUES (?, ?, ?, ?)"),
    };
    this.memory = this.load();
  }

  get state(): State {
    return this.memory;
  }

  /** The head that is taken in; undefined before the first. */
  head(): { readonly number: bigint; readonly hash: Hex; readonly timestamp: number } | undefined {
    const found = this.database.prepare("SELECT number, hash, timestamp FROM block ORDER BY number DESC LIMIT 1").get();
    if (found === undefined) return undefined;
    return {
      number: BigInt(Number(found["number"])),
      hash: found["hash"] as Hex,
      timestamp: Number(found["timestamp"]),
    };
  }

  trouble(): Trouble | null {
    const { trouble } = this.database.prepare("SELECT trouble FROM origin").get() ?? {};
    return typeof trouble === "string" ? (JSON.parse(trouble) as Trouble) : null;
  }

  checkpoint(): Promise<Checkpoint | undefined> {
    const blocks = this.database.prepare("SELECT number, hash, final FROM block ORDER BY number").all();
    const refs = blocks.map((each): BlockRef => ({
      number: BigInt(Number(each["number"])),
      hash: each["hash"] as Hex,
    }));
    const lastFinal = blocks.findLastIndex((each) => each["final"] === 1);
    const finalized = refs[lastFinal];
    if (finalized === undefined) return Promise.resolve(undefined);
    const watched = new Map([...this.storedJournals()].map(([contract, { foundAt }]) => [contract, BigInt(foundAt)]));
    return Promise.resolve({ finalized, recent: refs.slice(lastFinal + 1), watched });
  }

  journals(): Promise<Map<Hex, Journal>> {
    return Promise.resolve(
      new Map([...this.storedJournals()].map(([id, { head, events }]) => [id, { head, events: BigInt(events) }])),
    );
  }

  async advance(step: Step, work: (writes: Writes) => Promise<void>): Promise<void> {
    const { block, final } = step;
    // The work folds in memory and reads nothing else: it is over before the transaction begins, which stays short.
    const overlay = new Overlay(this.memory);
    await work(overlay);
    const stored = this.storedJournals();
    transaction(this.database, () => {
      this.database
        .prepare("INSERT INTO block (number, hash, timestamp, final) VALUES (?, ?, ?, ?)")
        .run(block.number, block.hash, block.timestamp, final ? 1 : 0);
      if (final) this.forgetBefore(block.number);
      const undoBlock = final ? undefined : block.number;
      for (const [contract, { head, events }] of step.journals) {
        const foundAt = stored.get(contract)?.foundAt ?? block.number.toString();
        this.write(undoBlock, "journal", contract, {
          head,
          events: events.toString(),
          foundAt,
        } satisfies StoredJournal);
      }
      for (const { entity, id, row } of overlay.changes()) this.write(undoBlock, entity, id, row);
      this.database.exec("UPDATE origin SET trouble = NULL WHERE trouble IS NOT NULL");
    });
    this.memory.apply(overlay.changes());
  }

  rollBack(ancestor: BlockRef): Promise<void> {
    transaction(this.database, () => {
      const steps = this.database
        .prepare("SELECT entity, id, content FROM undo WHERE block > ? ORDER BY seq DESC")
        .all(ancestor.number);
      for (const { entity, id, content } of steps) {
        if (typeof content === "string") this.statements.write.run(String(entity), String(id), content);
        else this.statements.remove.run(String(entity), String(id));
      }
      this.database.prepare("DELETE FROM undo WHERE block > ?").run(ancestor.number);
      this.database.prepare("DELETE FROM block WHERE number > ?").run(ancestor.number);
    });
    this.memory = this.load();
    return Promise.resolve();
  }

  finalize(block: BlockHeader): Promise<void> {
    transaction(this.database, () => {
      this.database
        .prepare(
          `INSERT INTO block (number, hash, timestamp, final) VALUES (?, ?, ?, 1)
           ON CONFLICT (number) DO UPDATE SET final = 1`,
        )
        .run(block.number, block.hash, block.timestamp);
      this.forgetBefore(block.number);
    });
    return Promise.resolve();
  }

  setTrouble(trouble: Trouble): Promise<void> {
    this.database.prepare("UPDATE origin SET trouble = ?").run(JSON.stringify(trouble));
    return Promise.resolve();
  }

  private write(undoBlock: bigint | undefined, entity: string, id: string, row: unknown): void {
    if (undoBlock !== undefined) {
      const before = this.statements.read.get(entity, id)?.["content"];
      this.statements.remember.run(undoBlock, entity, id, typeof before === "string" ? before : null);
    }
    if (row === null) this.statements.remove.run(entity, id);
    else this.statements.write.run(entity, id, JSON.stringify(row));
  }

  /** Drops what only blocks up to the final `number` would need. */
  private forgetBefore(number: bigint): void {
    this.database.prepare("DELETE FROM undo WHERE block <= ?").run(number);
    this.database.prepare("DELETE FROM block WHERE number < ?").run(number);
  }

  private storedJournals(): Map<Hex, StoredJournal> {
    const rows = this.database.prepare("SELECT id, content FROM row WHERE entity = 'journal'").all();
    return new Map(rows.map(({ id, content }) => [id as Hex, JSON.parse(String(content)) as StoredJournal]));
  }

  private load(): MemoryState {
    const memory = new MemoryState();
    const rows = this.database.prepare("SELECT entity, id, content FROM row WHERE entity <> 'journal'").all();
    memory.apply(
      rows.map(({ entity, id, content }) => ({ entity, id, row: JSON.parse(String(content)) as unknown }) as Change),
    );
    return memory;
  }
}

/** What a block changes, over what was before it; nothing below is touched. */
class Overlay implements Writes {
  readonly state: State;
  private readonly changed = new Map<string, Change>();

  constructor(below: State) {
    const changed = this.changed;
    this.state = {
      get: (entity, id) => {
        const change = changed.get(`${entity} ${id}`);
        return change === undefined ? below.get(entity, id) : ((change.row ?? undefined) as never);
      },
      *all(entity) {
        for (const [id, row] of below.all(entity)) if (!changed.has(`${entity} ${id}`)) yield [id, row];
        for (const change of changed.values()) {
          if (change.entity === entity && change.row !== null) yield [change.id, change.row as never];
        }
      },
    };
  }

  apply(changes: readonly Change[]): void {
    for (const change of changes) this.changed.set(`${change.entity} ${change.id}`, change);
  }

  changes(): Iterable<Change> {
    return this.changed.values();
  }
}
