import { describe, expect, it } from "vitest";
import {
  operators,
  block,
  schedule,
  observation,
  committed,
  everybody,
  observed,
  ownCommitment,
  ownReveal,
  own,
  peers,
  commitments,
  type Told,
  afterRestart,
  self,
} from "../../../test/support/restarted-operator.ts";
import type { OperatorMessage } from "../agreement/message.ts";
import { commitmentOf } from "../observations/reveal.ts";

describe("an operator that commits before it reveals", () => {
  const said = ({ messages }: Told, kind: OperatorMessage["kind"]) => messages.filter((each) => each.kind === kind);

  it("given nobody else's commitment, it says its own and shows nothing", async () => {
    const told = await afterRestart([], { after: [] });
    expect(told.claims).toEqual(["commitment 0"]);
    expect(told.messages).toMatchObject([{ kind: "commitment", operator: self, block: block.hash }]);
  });

  it("given everybody's commitment, it reveals with what it heard, both claimed before they are said", async () => {
    const told = await afterRestart([], { after: commitments });
    expect(told.claims).toEqual(["commitment 0", "observation 0"]);
    const [commitment] = said(told, "commitment");
    const [reveal] = said(told, "observation");
    if (commitment?.kind !== "commitment" || reveal?.kind !== "observation") throw new Error("nothing said");
    expect(commitment.commitment).toBe(commitmentOf(self, reveal.observation, reveal.salt));
    expect(reveal.heard.map((each) => each.operator)).toEqual(operators);
  });

  const cutOff = 600 + schedule.commitSeconds;
  const revealsFrom = cutOff + schedule.quietSeconds;
  it.each([
    [revealsFrom - 1, 2, []],
    [revealsFrom, 1, []],
    [revealsFrom, 2, ["observation 0"]],
  ])("given second %i and commitments of %i others of four, it claims %j", async (at, others, claims) => {
    expect((await afterRestart([ownCommitment()], { at, after: commitments.slice(0, others) })).claims).toEqual(claims);
  });

  it.each([
    [cutOff - 1, 4, 0],
    [cutOff, 0, 3],
  ])("given commitments that come in second %i, it heard %i of them in time, and %i late", async (at, heard, late) => {
    const told = await afterRestart([ownCommitment()], { at, after: commitments });
    expect(said(told, "observation")).toMatchObject([{ heard: { length: heard } }]);
    expect(told.lateCommitments).toBe(late);
    expect(told.late).toEqual(late === 0 ? [] : [...peers].sort());
  });

  it("given that it commits late itself, it says so of itself", async () => {
    const told = await afterRestart([], { at: cutOff, after: [] });
    expect(said(told, "commitment")).toHaveLength(1);
    expect([told.late, told.lateCommitments]).toEqual([[self], 1]);
  });

  const decidesFrom = revealsFrom + schedule.revealSeconds;
  it.each([
    [decidesFrom - 1, false],
    [decidesFrom, true],
  ])(
    "given two that committed in time and show nothing until second %i, that they are named is %s",
    async (at, isNamed) => {
      const [shown, ...hidden] = peers;
      const revealed = shown === undefined ? [] : [observed(shown)];
      const told = await afterRestart(own, { at, before: commitments, after: revealed });
      expect(told.withheld).toEqual(isNamed ? hidden.toSorted() : []);
      expect([told.withheldReveals, told.lateCommitments]).toEqual([isNamed ? 2 : 0, 0]);
    },
  );

  it("iOP-003: given a signing database that refuses the commitment, it says nothing; or the reveal, it shows nothing", async () => {
    expect((await afterRestart([], { after: commitments, grants: false })).messages).toEqual([]);
    const told = await afterRestart([ownCommitment()], { after: commitments, grants: false });
    expect(told.messages.map(({ kind }) => kind)).toEqual(["commitment"]);
  });

  it("iOP-032: given a restart between the two, it commits to the same again, and opens that", async () => {
    const told = await afterRestart([ownCommitment()], { after: commitments });
    expect(told.claims).toEqual(["observation 0"]);
    expect(said(told, "commitment")).toEqual([committed(self)]);
    expect(said(told, "observation")).toEqual([observed(self)]);
  });

  it("iOP-032: given a restart after both, it shows the same again, with what it had heard then, whatever it hears now", async () => {
    const heard = everybody.slice(0, 2);
    const told = await afterRestart([ownCommitment(), ownReveal(heard)], { after: commitments });
    expect(told.claims).toEqual([]);
    expect(said(told, "observation")).toEqual([observed(self, heard)]);
  });

  const heardBy = (told: Told): readonly string[] =>
    said(told, "observation").flatMap((each) =>
      each.kind === "observation" ? each.heard.map((one) => one.operator) : [],
    );
  const all = [committed(self), ...commitments];
  it.each([
    ["its end was not seen, so that all of it came in time", undefined, operators],
    ["its end came after all", 4, operators],
    ["its end came before two", 2, [self, ...peers.slice(0, 1)].sort()],
    ["its end came before its own", 0, []],
  ])(
    "iOP-032: given a restart between the end of hearing and the reveal, and a journal where %s, it reveals with what it had heard in time",
    async (_, messages, heard) => {
      const marks = messages === undefined ? [] : [["hearing-ended", { chainSeconds: cutOff, messages }] as const];
      const told = await afterRestart([ownCommitment()], { at: revealsFrom, before: all, marks, after: commitments });
      expect(heardBy(told)).toEqual(heard);
      expect(told.claims).toEqual(["observation 0"]);
      expect(told.lateCommitments).toBe(0); // they were counted before the restart
    },
  );

  it("iOP-032: given a commitment that was never said, it has heard it where it is said in time", async () => {
    const unsaid = { before: commitments, after: [] };
    expect(heardBy(await afterRestart([ownCommitment()], { at: cutOff - 1, ...unsaid }))).toEqual(operators);
    expect(heardBy(await afterRestart([ownCommitment()], { at: cutOff, ...unsaid }))).toEqual(peers);
  });

  it("iOP-031: given that hearing had ended before a restart, and an endpoint that is behind after it, it hears nobody any more", async () => {
    const marks = [["hearing-ended", { chainSeconds: cutOff, messages: 1 }] as const];
    const told = await afterRestart([ownCommitment()], {
      at: 601,
      before: [committed(self)],
      marks,
      after: commitments,
    });
    expect(heardBy(told)).toEqual([self]);
    expect(told.lateCommitments).toBe(3);
  });

  it("given the end of hearing, it keeps when it was and what had come, once", async () => {
    const told = await afterRestart([ownCommitment()], { at: cutOff, before: all, after: [] });
    expect(told.marks.get("hearing-ended")).toEqual({ chainSeconds: cutOff, messages: 4 });
    expect((await afterRestart([ownCommitment()], { at: cutOff - 1, before: all, after: [] })).marks.size).toBe(0);
  });

  it("iOP-032: given a journal with its commitment, and a signing database that was lost, it makes no other, and shows nothing", async () => {
    const before = [committed(self, { ...observation, definitions: [] })];
    expect((await afterRestart([], { before, after: commitments })).claims).toEqual([]);
  });
});
