import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChainLog } from "../../chain/follow/block.ts";
import type { Hex } from "../../core/hex.ts";
import type { DecodedEvent } from "../../chain/events/decode-event.ts";
import { foldEvent, readsOf } from "./fold-event.ts";
import { MemoryRows } from "../../../test/support/memory-rows.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
const nobody = account(0);
const asset = account(0xa55e7);

function event(name: string, args: Record<string, unknown>, block = 1): DecodedEvent {
  const log: ChainLog = {
    address: account(0xc0),
    topics: [],
    data: "0x",
    blockNumber: BigInt(block),
    blockHash: word(block),
    blockTimestamp: BigInt(1_000 + block),
    transactionHash: word(block),
    logIndex: 0,
  };
  return { name, args, log };
}

const plan = (pool: Hex, amounts: readonly bigint[]): Record<string, unknown> => ({
  version: 1,
  project: word(0),
  pool,
  reclaimTo: pool,
  asset,
  payee: account(1),
  opener: account(2),
  anchor: account(3),
  team: word(0),
  oracle: account(4),
  scoreDefinition: word(5),
  leaseReports: 2,
  initialReports: 1,
  maxMissing: 1,
  renewalWindow: 10,
  acceptBy: 9_000,
  salt: word(6),
  milestones: amounts.map((amount) => ({
    amount,
    deadline: 9_999,
    challengeWindow: 0,
    specification: word(7),
    attestorSet: word(8),
    attestorSetVersion: 1,
    coSignature: false,
  })),
});

/** A history that contracts could have written: events of a few pools, projects, tasks and votes, in a legal order. */
function history(choices: readonly number[]): DecodedEvent[] {
  const events: DecodedEvent[] = [];
  const pools: Hex[] = [];
  const balance = new Map<Hex, bigint>();
  const projects: { id: Hex; pool: Hex; amounts: bigint[]; paid: bigint[]; status: string[]; state: string }[] = [];
  const tasks: { id: number; open: boolean }[] = [];
  const add = (name: string, args: Record<string, unknown>): void =>
    void events.push(event(name, args, events.length + 1));
  choices.forEach((choice, step) => {
    const pool = pools[choice % Math.max(1, pools.length)];
    const project = projects[choice % Math.max(1, projects.length)];
    switch (choice % 11) {
      case 0: {
        const id = word(1_000 + pools.length);
        pools.push(id);
        balance.set(id, 0n);
        add("PoolOpened", { pool: id, name: word(9), steward: nobody, anchor: account(3), cause: word(1) });
        return;
      }
      case 1:
      case 2:
        if (pool === undefined) return;
        balance.set(pool, (balance.get(pool) ?? 0n) + 100n);
        add("PoolDeposited", { pool, asset, from: account(9), amount: 100n, cause: word(step), anchor: account(3) });
        return;
      case 3: {
        if (pool === undefined) return;
        const id = word(5_000 + projects.length);
        const amounts = [10n, 20n];
        projects.push({ id, pool, amounts, paid: [0n, 0n], status: ["pending", "pending"], state: "proposed" });
        add("ProjectOpened", {
          project: id,
          payee: account(1),
          plan: plan(pool, amounts),
          cause: word(1),
          anchor: account(3),
        });
        return;
      }
      case 4:
        if (project?.state !== "proposed" || (balance.get(project.pool) ?? 0n) < 30n) return;
        project.state = "active";
        balance.set(project.pool, (balance.get(project.pool) ?? 0n) - 30n);
        add("ProjectFunded", {
          project: project.id,
          from: nobody,
          amount: 30n,
          paidThrough: 1,
          cause: project.pool,
          anchor: account(3),
        });
        return;
      case 5: {
        if (project?.state !== "active") return;
        const milestone = project.status.indexOf("pending");
        if (milestone < 0) return;
        const before = project.paid[milestone] ?? 0n;
        const whole = project.amounts[milestone] ?? 0n;
        const due = before === 0n && step % 2 === 0 ? whole / 2n : whole;
        project.paid[milestone] = due;
        if (due === whole) project.status[milestone] = "paid";
        // Half of them waited.
        const waited = due === whole && step % 2 === 1;
        const proof = { evidence: word(1), attestors: 3n };
        const named = { project: project.id, milestone, cause: word(2), anchor: account(3) };
        if (waited) add("MilestoneProved", { ...named, ...proof, payableFrom: 1 });
        const payment = { ...named, payee: account(1), asset, amount: due - before };
        add("MilestonePaid", { ...payment, ...(waited ? { evidence: word(0), attestors: 0n } : proof) });
        if (step % 3 === 0) add("ClaimCredited", payment);
        return;
      }
      case 6: {
        if (project?.state !== "active") return;
        const amount = project.amounts.reduce(
          (sum, each, place) => (project.status[place] === "pending" ? sum + each - (project.paid[place] ?? 0n) : sum),
          0n,
        );
        if (amount === 0n) return;
        project.state = "reclaimed";
        balance.set(project.pool, (balance.get(project.pool) ?? 0n) + amount);
        add("ProjectReclaimed", {
          project: project.id,
          reclaimTo: project.pool,
          asset,
          amount,
          latestReport: 3,
          cause: word(1),
          anchor: account(3),
        });
        return;
      }
      case 7: {
        const id = tasks.length + 1;
        tasks.push({ id, open: true });
        add("TaskOpened", {
          task: id,
          team: 1,
          opener: account(3),
          deadline: 9_000,
          purpose: word(1),
          cause: word(1),
          anchor: account(3),
        });
        return;
      }
      case 8: {
        const task = tasks.at(-1);
        if (task?.open !== true) return;
        const grant = { task: task.id, grantee: account(5), target: account(6), selector: "0x12345678" };
        add("GrantGiven", {
          ...grant,
          notBefore: 0,
          notAfter: 8_000,
          uses: 0,
          cap: 0,
          granter: account(7),
          cause: word(1),
          anchor: account(3),
        });
        if (step % 2 === 0) add("GrantEnded", { ...grant, by: account(5), cause: word(1), anchor: account(3) });
        return;
      }
      case 9: {
        const task = tasks.find(({ open }) => open);
        if (task === undefined) return;
        task.open = false;
        add("TaskEnded", { task: task.id, status: 2, cause: word(1), anchor: account(3) });
        return;
      }
      default:
        if (project?.state === "active") {
          add("LeaseRenewed", {
            project: project.id,
            report: step,
            paidThrough: step + 2,
            ground: 1 + (step % 3),
            score: 5n * 10n ** 17n,
            missing: 0,
            cause: word(1),
            anchor: account(3),
          });
        }
    }
  });
  return events;
}

const histories = fc.array(fc.nat({ max: 10_000 }), { maxLength: 80 }).map(history);

function folded(events: readonly DecodedEvent[]): MemoryRows {
  const rows = new MemoryRows();
  for (const each of events) rows.apply(foldEvent(rows, each));
  return rows;
}

describe("the fold of a history", () => {
  it("iDA-002: given any prefix, when other events follow it and a reorg takes them back, then it ends where the straight fold ends", () => {
    fc.assert(
      fc.property(histories, fc.nat(), histories, (events, cut, alternative) => {
        const prefix = events.slice(0, cut % (events.length + 1));
        const rows = folded(prefix);
        const mark = rows.mark();
        // What a reorg removes is whatever else could have followed: only what can follow this prefix is folded.
        for (const each of [
          ...events.slice(prefix.length),
          ...alternative.filter(({ name }) => name === "TaskOpened" || name === "PoolOpened"),
        ]) {
          rows.apply(foldEvent(rows, each));
        }
        rows.takeBackTo(mark);
        expect(rows.all()).toEqual(folded(prefix).all());
        for (const each of events.slice(prefix.length)) rows.apply(foldEvent(rows, each));
        expect(rows.all()).toEqual(folded(events).all());
      }),
      { numRuns: 200 },
    );
  });

  it("reads no row that it did not ask for", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const rows = new MemoryRows();
        for (const each of events) {
          const asked = new Set(readsOf(rows, each).map(({ entity, id }) => `${entity} ${id}`));
          const changes = foldEvent(
            {
              get: (entity, id) => {
                if (!asked.has(`${entity} ${id}`)) throw new Error(`${each.name} reads ${entity} ${id} without asking`);
                return rows.get(entity, id);
              },
            },
            each,
          );
          rows.apply(changes);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("iIX-002: keeps every unit of money in a pool, a milestone or paid out", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const rows = folded(events);
        const deposited = events.filter(({ name }) => name === "PoolDeposited").length * 100;
        let held = 0n;
        for (const pool of rows.rowsOf("pool")) held += BigInt(pool.balances[asset] ?? "0");
        for (const { status, plan: terms, milestones } of rows.rowsOf("project")) {
          if (status === "proposed") continue;
          milestones.forEach((milestone, place) => {
            const { status: stands, paid } = milestone;
            held += BigInt(stands === "reclaimed" ? paid : (terms.milestones[place]?.amount ?? 0));
          });
        }
        expect(held).toBe(BigInt(deposited));
      }),
    );
  });
});

/** By a proof that did not wait. */
const paidAtOnce = (project: Hex, milestone: number, amount: bigint) =>
  event("MilestonePaid", {
    ...{ project, milestone, payee: account(1), asset, amount, evidence: word(1), attestors: 3n, cause: word(3) },
  });

describe("the fold of single events", () => {
  it("given a failed push, it owes the payee; given its claim, it owes the rest", () => {
    const rows = new MemoryRows();
    const steps = [
      event("PoolOpened", { pool: word(1), name: word(9), steward: nobody, anchor: account(3) }),
      event("PoolDeposited", { pool: word(1), asset, amount: 30n }),
      event("ProjectOpened", { project: word(2), payee: account(1), plan: plan(word(1), [10n, 20n]) }),
      event("ProjectFunded", { project: word(2), from: nobody, amount: 30n, paidThrough: 1, cause: word(1) }),
      paidAtOnce(word(2), 1, 20n),
      event("ClaimCredited", { project: word(2), milestone: 1, payee: account(1), asset, amount: 20n }),
      event("Claimed", { payee: account(1), asset, to: account(8), amount: 15n }),
    ];
    for (const each of steps) rows.apply(foldEvent(rows, each));
    expect(rows.get("claim", `${account(1)}/${asset}`)).toEqual({ amount: 5n });
    expect(rows.get("project", word(2))?.status).toBe("active");
    expect(rows.get("project", word(2))?.milestones[1]?.payment?.outcome).toBe("claimable");
  });

  it("given a part of a milestone, it waits for the rest; given the rest, it is paid", () => {
    const rows = new MemoryRows();
    const [project, digest] = [word(2), word(3)];
    const proved = event("MilestoneProved", {
      ...{ project, milestone: 0, evidence: word(1), attestors: 3n, payableFrom: 9, cause: digest },
    });
    const paidThen = (amount: bigint) =>
      event("MilestonePaid", {
        ...{ project, milestone: 0, payee: account(1), asset, amount, evidence: word(0), attestors: 0n, cause: digest },
      });
    const stands = () => rows.get("project", project)?.milestones[0];
    const fold = (...events: readonly DecodedEvent[]) => {
      for (const each of events) rows.apply(foldEvent(rows, each));
    };
    fold(
      event("ProjectOpened", { project, payee: account(1), plan: plan(word(1), [10n]) }),
      event("ProjectFunded", { project, from: account(9), amount: 10n, paidThrough: 1, cause: word(7) }),
      paidAtOnce(project, 0, 4n),
    );
    expect(stands()).toMatchObject({ status: "pending", paid: "4", proof: null, payment: { outcome: "paid" } });
    fold(proved);
    expect(stands()).toMatchObject({ status: "proved", paid: "4", proof: { digest, payableFrom: 9 } });
    fold(event("MilestoneOverturned", { project, milestone: 0 }));
    expect(stands()).toMatchObject({ status: "pending", paid: "4", proof: null });
    expect(rows.get("project", project)?.status).toBe("active");
    fold(proved, paidThen(6n));
    expect(stands()).toMatchObject({ status: "paid", paid: "10", proof: { digest, payableFrom: 9 } });
    expect(rows.get("project", project)?.status).toBe("closed");
  });

  it("given the last milestone of an active project, it closes the project", () => {
    const rows = new MemoryRows();
    for (const each of [
      event("ProjectOpened", { project: word(2), payee: account(1), plan: plan(word(1), [10n]) }),
      event("ProjectFunded", { project: word(2), from: account(9), amount: 10n, paidThrough: 1, cause: word(7) }),
      paidAtOnce(word(2), 0, 10n),
    ]) {
      rows.apply(foldEvent(rows, each));
    }
    expect(rows.get("project", word(2))).toMatchObject({ status: "closed", fundedFrom: null });
    expect(rows.get("project", word(2))?.milestones[0]?.proof).toMatchObject({ evidence: word(1), attestors: "3" });
  });

  describe("given what both sides agreed", () => {
    const [pool, project] = [word(1), word(2)];
    const running = [
      event("PoolOpened", { pool, name: word(9), steward: nobody, anchor: account(3) }),
      event("PoolDeposited", { pool, asset, amount: 100n }),
      event("ProjectOpened", { project, payee: account(1), plan: plan(pool, [10n, 20n]) }),
      event("ProjectFunded", { project, from: nobody, amount: 30n, paidThrough: 1, cause: pool }),
      paidAtOnce(project, 0, 10n),
    ];
    const amended = (version: number, amounts: readonly bigint[], added: bigint, returned: bigint) =>
      event("ProjectAmended", {
        project,
        planVersion: version,
        plan: { ...plan(pool, amounts), version, project, anchor: account(7) },
        added,
        returned,
      });
    const balance = (rows: MemoryRows) => rows.get("pool", pool)?.balances[asset];
    const statuses = (rows: MemoryRows) => rows.get("project", project)?.milestones.map(({ status }) => status);

    it("an amendment puts its plan in the place of the one that ran, appends, and moves the difference", () => {
      const dearer = folded([...running, amended(2, [10n, 25n, 5n], 10n, 0n)]);
      expect(dearer.get("project", project)).toMatchObject({
        status: "active",
        plan: { version: 2, anchor: account(7) },
      });
      expect([balance(dearer), statuses(dearer)]).toEqual(["60", ["paid", "pending", "pending"]]);
      const cheaper = folded([...running, amended(2, [10n, 25n, 5n], 10n, 0n), amended(3, [10n, 1n, 5n], 0n, 24n)]);
      expect([balance(cheaper), statuses(cheaper)]).toEqual(["84", ["paid", "pending", "pending"]]);
    });

    it("a cancellation returns what is pending, and leaves what is paid or proved", () => {
      const ended = folded([...running, event("ProjectCancelled", { project, reclaimTo: pool, asset, amount: 20n })]);
      expect(ended.get("project", project)?.status).toBe("cancelled");
      expect([balance(ended), statuses(ended)]).toEqual(["90", ["paid", "reclaimed"]]);
    });
  });

  it("iIX-002: given money that was never there, it refuses to go on", () => {
    const rows = new MemoryRows();
    rows.apply(
      foldEvent(rows, event("PoolOpened", { pool: word(1), name: word(9), steward: nobody, anchor: account(3) })),
    );
    const withdrawal = event("PoolWithdrawn", { pool: word(1), asset, amount: 1n });
    expect(() => foldEvent(rows, withdrawal)).toThrow(
      expect.objectContaining({ code: "FoldImpossible", data: { asset, balance: -1n, difference: -1n } }),
    );
  });

  it("given a project that no event opened, it refuses to go on", () => {
    const stray = event("MilestoneProved", {
      project: word(3),
      milestone: 0,
      evidence: word(1),
      attestors: 1n,
      payableFrom: 0,
    });
    expect(() => foldEvent(new MemoryRows(), stray)).toThrow(expect.objectContaining({ code: "FoldImpossible" }));
  });

  it("given an event that it has no rule for, it changes nothing", () => {
    expect(foldEvent(new MemoryRows(), event("RoleLabel", { roleId: 1n, label: "treasury" }))).toEqual([]);
    expect(foldEvent(new MemoryRows(), event("constructor", {}))).toEqual([]);
  });
});
