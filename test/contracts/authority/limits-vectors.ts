/** The vectors of limits, on the real authority; `src/org/authority/limits-vectors.test.ts` holds the model to the same. */
import { readFileSync } from "node:fs";

import { expect } from "chai";
import { id } from "ethers";
import hre from "hardhat";

import { boundaries } from "../../../src/org/authority/check-limits.ts";
import { impactKinds } from "../../../src/org/authority/state.ts";
import { windowSeconds } from "../../../src/org/authority/team-impact.ts";
import { Roles } from "../../support/authority.ts";
import { letDecidePolicy, newAuthority } from "../../support/new-authority.ts";

interface LimitVectors {
  cases: {
    name: string;
    facts: {
      impact: (typeof impactKinds)[number];
      scope: number;
      reversibility: number;
      fixedImpact: string;
      amountWord: number;
      assetWord: number;
    };
    limits: { maxImpact: string; scopes: number; minReversibility: number };
    grant: { uses: number; cap: string };
    rate: { asset: string; rate: string; validForSeconds: number } | null;
    calls: {
      at: number;
      words: string[];
      missingBytes: number;
      boundary: (typeof boundaries)[number];
      limit: string;
      actual: string;
      impact: string;
      teamImpact: string;
    }[];
  }[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../vectors/limits.json", import.meta.url), "utf8"),
) as LimitVectors;

const start = 50_000 * windowSeconds;
const selector = "0x11111111";
const team = 1;

/** An authority with one grant, for one function, under the case's facts, limits and rate, just before `start`. */
async function deployCase({ facts, limits, grant, rate }: LimitVectors["cases"][number]) {
  const { ethers, networkHelpers } = await hre.network.create();
  const [admin, anchor, agent] = await ethers.getSigners();
  if (!admin || !anchor || !agent) throw new Error("too few signers");
  await networkHelpers.time.increaseTo(start - 1_000);
  const authority = await newAuthority(ethers, admin, 60);
  await letDecidePolicy(authority, admin);
  const target = await ethers.deployContract("AnyFunction", [authority]);
  const end = start + 1_000 * windowSeconds;
  await authority.setAnchorLiveness(anchor, end);
  await authority.setTeamLimits(team, anchor, limits);
  await authority.setTargetFunctionRole(target, [selector], Roles.GRANT);
  await authority.setActionGranter(target, selector, Roles.GRANTER);
  await authority.grantRole(Roles.GRANTER, admin, 0);
  // The grant is given while the action is listed, whatever becomes of it.
  const listed = { ...facts, impact: 1 };
  await authority.setActionFacts(target, selector, listed);
  await authority.connect(anchor).openTask(team, id("purpose"), end);
  const window = { notBefore: 0, notAfter: end };
  await authority.grant({ task: 1, grantee: agent, target, selector, ...window, ...grant });
  await authority.setActionFacts(target, selector, { ...facts, impact: impactKinds.indexOf(facts.impact) });
  if (rate !== null) await authority.setRate(rate.asset, rate.rate, start + rate.validForSeconds);
  return { ethers, networkHelpers, authority, target, agent };
}

describe("Authority and the vectors of limits", () => {
  for (const vector of cases) {
    it(`iMO-002: given ${vector.name}, each call meets the boundary, the figures and the charge that the vector states`, async () => {
      const { networkHelpers, authority, target, agent } = await deployCase(vector);
      for (const { at, words, missingBytes, ...expected } of vector.calls) {
        const head = words.map((word) => BigInt(word).toString(16).padStart(64, "0")).join("");
        const data = `${selector}${head.slice(0, head.length - 2 * missingBytes)}`;
        const absolute = (time: string): bigint =>
          BigInt(time) + (expected.boundary === "RateMissing" && time !== "0" ? BigInt(start) : 0n);
        const [limit, actual] = [absolute(expected.limit), absolute(expected.actual)];

        await networkHelpers.time.setNextBlockTimestamp(start + at);
        const met = await authority.checkLimits(agent, target, data, { blockTag: "pending" });
        expect(boundaries[Number(met.boundary)], `${at}`).to.equal(expected.boundary);
        expect([met.limit, met.actual], `${at}`).to.deep.equal([limit, actual]);
        expect([met.impact, met.teamImpact], `${at}`).to.deep.equal([expected.impact, expected.teamImpact].map(BigInt));

        const call = agent.sendTransaction({ to: target, data, gasLimit: 1_000_000 });
        if (expected.boundary === "None") await call;
        else {
          const crossed = [agent.address, await target.getAddress(), selector, met.boundary, limit, actual];
          await expect(call)
            .to.be.revertedWithCustomError(authority, "AuthorityOutsideLimits")
            .withArgs(...crossed);
        }
      }
    });
  }
});
