import { describe, expect, it } from "vitest";
import type { Entities } from "../fold/rows.ts";
import { grantStatus } from "./describe-grant.ts";

const account = `0x${"1".repeat(40)}` as const;
const word = `0x${"2".repeat(64)}` as const;
const grant: Entities["taskGrant"] = {
  task: 1,
  grantee: account,
  target: account,
  selector: "0x12345678",
  notBefore: 100,
  notAfter: 200,
  uses: 0,
  cap: 0,
  granter: account,
  ended: null,
};
const task: Entities["task"] = {
  status: "open",
  team: 1,
  opener: account,
  anchor: account,
  deadline: 300,
  purpose: word,
  openedAt: 50,
  endedAt: null,
};

describe("a grant's status", () => {
  it.each([
    [99, "not-started"],
    [100, "effective"],
    [199, "effective"],
    [200, "expired"],
  ])("given second %i of its window, it is %s", (now, status) => {
    expect(grantStatus(grant, task, now)).toBe(status);
  });

  it("given its end, its last use, or its task's end, it says which", () => {
    expect(grantStatus({ ...grant, ended: "ended" }, task, 150)).toBe("ended");
    expect(grantStatus({ ...grant, ended: "used-up" }, task, 150)).toBe("used-up");
    expect(grantStatus(grant, { ...task, status: "completed" }, 150)).toBe("task-completed");
    expect(grantStatus(grant, { ...task, status: "failed" }, 150)).toBe("task-failed");
    expect(grantStatus({ ...grant, notAfter: 400 }, task, 300)).toBe("task-expired");
  });
});
