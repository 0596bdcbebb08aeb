import type { Command } from "commander";
import { expect, it } from "vitest";
import {
  DAY,
  fourTeams,
  openChallenge,
  party,
  pendingEscalation,
  proposedProject,
  stateOf,
  word,
} from "../../../test/support/notify-state.ts";
import { findDue, rules } from "../../notify/rules/find-due.ts";
import { createProgram } from "../program.ts";

const signed = { payeeAccepted: true, anchorAccepted: true };
const [milestone] = proposedProject.milestones;
if (milestone === undefined) throw new TypeError("the project has a milestone");
const change = {
  parameter: word(1),
  team: 0,
  value: "1",
  proposedAt: 0,
  enactableFrom: 0,
  expiresAt: 99 * DAY,
  required: 1,
  consents: 0,
  consentedBy: [],
  electorate: 4,
  by: party(1),
};

/** Something of everything that waits, at a time when all of it does. */
const state = stateOf({
  anchor: {
    [party(1)]: { status: "proposed", liveUntil: 0, since: 0, substitute: null },
    [party(2)]: { status: "accepted", liveUntil: 1_100, since: 0, substitute: null },
  },
  task: { "7": { anchor: party(1), deadline: 1_200, openedAt: 0, team: 0 } },
  grant: {
    g: { task: 7, grantee: party(1), target: party(2), selector: "0x01020304", notBefore: 0, notAfter: 1_150 },
  },
  project: {
    [word(1)]: proposedProject,
    [word(2)]: { ...proposedProject, ...signed },
    [word(3)]: { ...proposedProject, ...signed, status: "active" },
    [word(4)]: {
      ...proposedProject,
      ...signed,
      status: "active",
      paidThrough: 1,
      milestones: [{ ...milestone, status: "proved", payableFrom: 2_000, provedAt: 1 }],
    },
    [word(7)]: {
      ...proposedProject,
      ...signed,
      status: "active",
      paidThrough: 1,
      milestones: [
        { ...milestone, status: "proved", payableFrom: 1_000, provedAt: 1, coSignature: true, proof: word(9) },
      ],
    },
  },
  team: fourTeams,
  escalation: {
    [word(5)]: pendingEscalation,
    [word(6)]: { ...pendingEscalation, status: "approved", usableUntil: 9_000 },
  },
  challenge: {
    [word(10)]: openChallenge,
    [word(11)]: { ...openChallenge, deadline: 900 },
  },
  trip: {
    [party(4)]: { kind: "asset", trippedAt: 1_000, until: 2_000, cause: word(8), anchor: party(1) },
    [party(5)]: { kind: "asset", trippedAt: 1, until: 2, cause: word(8), anchor: party(1) },
  },
  change: { a: change, b: { ...change, required: 0 }, c: { ...change, required: 0, team: 3 } },
});

const due = findDue(state, 1_050, { aheadSeconds: {}, remindAfterSeconds: DAY, names: {} });
const commands = [...new Set(due.flatMap(({ command }) => (command === null ? [] : [command])))];

it("given every rule with something to run, each is found", () => {
  const silent = rules.map(({ name }) => name).filter((name) => !due.some(({ rule }) => rule === name));
  expect(silent).toEqual(["claim-waits", "happened"]); // nothing to run there
});

it.each(commands)("given the notice's command `%s`, the program has it, with what it needs", async (line) => {
  const [program, noun, verb, ...rest] = (line.match(/'[^']*'|<[^>]*>|\S+/g) ?? []) as string[];
  expect(program).toBe("mandate");
  const nounCommand = (await createProgram()).commands.find((each) => each.name() === noun);
  const verbCommand: Command | undefined = nounCommand?.commands.find((each) => each.name() === verb);
  const command = verbCommand ?? nounCommand;
  if (command === undefined) throw new Error(`no command ${noun}`);
  const words = verbCommand === undefined && verb !== undefined ? [verb, ...rest] : rest;
  const flags = words.filter((each) => each.startsWith("--"));
  const known = command.options.map(({ long }) => long);
  expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
  const required = command.options.filter(({ mandatory, defaultValue }) => mandatory && defaultValue === undefined);
  expect(required.map(({ long }) => long).filter((long) => !flags.includes(long ?? ""))).toEqual([]);
  const values = command.options.filter(({ long, required: takes }) => takes && flags.includes(long ?? "")).length;
  const given = words.length - flags.length - values;
  const needed = command.registeredArguments.filter((each) => each.required).length;
  expect(given).toBeGreaterThanOrEqual(needed);
  expect(given).toBeLessThanOrEqual(command.registeredArguments.length);
  expect(verbCommand !== undefined || nounCommand?.commands.length === 0).toBe(true);
});
