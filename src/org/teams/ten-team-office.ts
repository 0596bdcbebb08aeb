import { UNIT_OF_ACCOUNT } from "../unit-of-account.ts";
import { triggerNames, type Organization, type TeamDefinition, type ZoneDefinition } from "./organization.ts";
import { repairEscalation } from "./repair-escalation.ts";

interface Row {
  readonly planet: number;
  readonly domain: string;
  readonly functions: readonly string[];
  readonly channels: readonly string[];
  readonly scopes: readonly string[];
  /** In whole units of account (USD). */
  readonly maxImpact: bigint;
  /** In percent. */
  readonly minReversibility: number;
  readonly escalatesTo: string;
}

const root = "ceo";
const office = "G1.U1";

/** The table as published. "Advisory", "production gated" and "blocks deploys" are a maximum impact of 0. */
const table: Readonly<Record<string, Row>> = {
  sales: {
    planet: 1,
    domain: "revenue",
    functions: ["deals", "pipeline", "forecasts"],
    channels: ["support", "finance", "strategy", "legal"],
    scopes: ["deal approval", "pricing"],
    maxImpact: 50_000n,
    minReversibility: 60,
    escalatesTo: "strategy",
  },
  audit: {
    planet: 2,
    domain: "compliance verification",
    functions: ["audit reports", "risk assessments"],
    channels: ["legal", "finance", "qa", "hr"],
    scopes: ["compliance checks", "risk flags"],
    maxImpact: 0n,
    minReversibility: 100,
    escalatesTo: "legal",
  },
  dev: {
    planet: 3,
    domain: "product engineering",
    functions: ["code", "deployments", "architecture"],
    channels: ["qa", "rd", "support", "strategy"],
    scopes: ["code deploy", "architecture"],
    maxImpact: 0n,
    minReversibility: 80,
    escalatesTo: "qa",
  },
  hr: {
    planet: 4,
    domain: "people",
    functions: ["hiring", "performance", "culture"],
    channels: ["legal", "finance", "audit", "support"],
    scopes: ["hiring below L5", "policy updates"],
    maxImpact: 30_000n,
    minReversibility: 70,
    escalatesTo: "legal",
  },
  legal: {
    planet: 5,
    domain: "regulation",
    functions: ["contracts", "opinions", "filings"],
    channels: ["audit", "finance", "hr", "sales"],
    scopes: ["contract review", "opinion"],
    maxImpact: 100_000n,
    minReversibility: 90,
    escalatesTo: root,
  },
  finance: {
    planet: 6,
    domain: "capital",
    functions: ["budgets", "reports", "allocations"],
    channels: ["sales", "audit", "legal", "strategy", "hr"],
    scopes: ["budget allocation", "reporting"],
    maxImpact: 200_000n,
    minReversibility: 50,
    escalatesTo: "strategy",
  },
  strategy: {
    planet: 7,
    domain: "direction",
    functions: ["plans", "analyses", "roadmaps"],
    channels: ["sales", "dev", "finance", "rd"],
    scopes: ["planning", "analysis"],
    maxImpact: 0n,
    minReversibility: 100,
    escalatesTo: root,
  },
  support: {
    planet: 8,
    domain: "customers",
    functions: ["tickets", "resolutions", "satisfaction"],
    channels: ["sales", "dev", "hr", "qa"],
    scopes: ["ticket resolution", "refunds"],
    maxImpact: 5_000n,
    minReversibility: 90,
    escalatesTo: "sales",
  },
  qa: {
    planet: 9,
    domain: "quality",
    functions: ["test results", "quality gates"],
    channels: ["dev", "audit", "support", "rd"],
    scopes: ["test execution", "quality gates"],
    maxImpact: 0n,
    minReversibility: 100,
    escalatesTo: "dev",
  },
  rd: {
    planet: 10,
    domain: "innovation",
    functions: ["research", "prototypes", "patents"],
    channels: ["dev", "strategy", "qa", "finance"],
    scopes: ["research", "prototyping"],
    maxImpact: 75_000n,
    minReversibility: 80,
    escalatesTo: "strategy",
  },
};

/** Units and agents that are published as examples. */
const zones: Readonly<Record<string, readonly [string, readonly string[]][]>> = {
  dev: [
    ["front end", []],
    ["back end", ["architect", "coder", "tester", "reviewer"]],
    ["infrastructure", []],
    ["review", []],
  ],
};

function zonesOf(id: string, place: string): ZoneDefinition[] {
  return (zones[id] ?? []).map(([name, agents], zone) => {
    const within = `${place}.Z${zone + 1}`;
    return {
      place: within,
      name,
      agents: agents.map((agent, index) => ({ place: `${within}.A${index + 1}`, name: agent })),
    };
  });
}

function teamOf([id, row]: [string, Row]): TeamDefinition {
  const place = `${office}.P${row.planet}`;
  return {
    id,
    place,
    domain: row.domain,
    human: false,
    functions: row.functions,
    channels: row.channels,
    cone: {
      maxImpact: row.maxImpact * UNIT_OF_ACCOUNT,
      scopes: row.scopes,
      minReversibility: row.minReversibility,
    },
    escalatesTo: row.escalatesTo,
    reportsTo: row.escalatesTo,
    triggers: triggerNames,
    zones: zonesOf(id, place),
  };
}

/** Human, outside the ten; the scheduler of meetings is its only agent. It decides by approval, so its own cone is empty. */
const ceoOffice: TeamDefinition = {
  id: root,
  place: `${office}.P0`,
  domain: "the whole",
  human: true,
  functions: [],
  channels: ["legal", "strategy"],
  cone: { maxImpact: 0n, scopes: [], minReversibility: 100 },
  escalatesTo: null,
  reportsTo: null,
  triggers: triggerNames,
  zones: [
    {
      place: `${office}.P0.Z0`,
      name: "office management",
      agents: [{ place: `${office}.P0.Z0.A1`, name: "office manager" }],
    },
  ],
};

const rows = Object.entries(table);

/**
 * The ten-team office exactly as its table is published: whom a team escalates to also governs it. It does not load, since
 * dev and qa escalate to each other and so to no human.
 */
export const publishedTenTeamOffice: Organization = {
  name: "Ten-team office",
  place: office,
  root,
  functions: rows.flatMap(([, row]) => row.functions),
  teams: [ceoOffice, ...rows.map(teamOf)],
  actions: [],
  capabilities: [],
};

/** The reference organization: the published table, repaired so that every escalation ends at the CEO office. */
export const tenTeamOffice: Organization = repairEscalation(publishedTenTeamOffice);
