import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import type { HDAccount } from "viem/accounts";
import { createSiweMessage } from "viem/siwe";
import { runAcl, type RunningAcl } from "../../src/acl/run-acl.ts";
import type { AclConfiguration } from "../../src/acl/configuration/configuration.ts";
import { iAuthorityAbi, iAuthorityLimitsAbi } from "../../src/chain/abi.ts";
import type { ChainClient } from "../../src/chain/client.ts";
import { roles } from "../../src/chain/roles.ts";
import {
  dataWhyAnswerSchema,
  gatewayStatusAnswerSchema,
  queryAnswerSchema,
  signInAnswerSchema,
  signInNonceAnswerSchema,
  type DataWhyAnswer,
  type GatewayStatusAnswer,
  type QueryAnswer,
} from "../../src/core/api/data-access.ts";
import { systemClock } from "../../src/core/clock.ts";
import { dataReadSelector, dataTarget } from "../../src/core/data-action.ts";
import type { Hex } from "../../src/core/hex.ts";
import { eventOf, type JournalChain } from "./journal-chain.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;

/** Where nothing of a test's deployment stands. */
export const nowhere = `0x${"1".repeat(40)}` as const;

/** A deployment record of which only the authority counts. */
export function writeDeployment(authority: Hex, fromBlock: bigint): string {
  const path = join(temporaryDirectory("mandate-deployment"), "deployment.json");
  const names = [
    "AuthorityLens",
    "Anchors",
    "Constitution",
    "Teams",
    "ActionCatalog",
    "Escalations",
    "OperatorKeys",
    "HeartbeatOracle",
    "ReviewCalendar",
    "ReportFund",
    "Challenges",
    "BudgetVault",
    "Membership",
    "MergeGovernor",
    "StrategyForks",
  ];
  const unasked = [
    "BudgetOffice",
    "PaymentOffice",
    "CircuitBreaker",
    "ERC7913P256Verifier",
    "ERC7913WebAuthnVerifier",
    "TimelockController",
  ];
  const others = [...names, ...unasked].map((name) => [name, nowhere]);
  const contracts = { Authority: authority, ...Object.fromEntries(others) };
  writeFileSync(path, JSON.stringify({ chainId: 31337, fromBlock: Number(fromBlock), contracts }));
  return path;
}

/** The authority's events about reading data, recorded on a journal chain. */
export class AuthorityStory {
  readonly authority: Hex;
  private readonly chain: JournalChain;

  constructor(chain: JournalChain, authority: Hex) {
    this.chain = chain;
    this.authority = authority;
  }

  private record(name: string, args: Record<string, unknown>): Promise<void> {
    const said = { cause: word(1), anchor: nowhere, by: nowhere };
    const event = eventOf([...iAuthorityAbi, ...iAuthorityLimitsAbi], name);
    return this.chain.record(this.authority, event, { ...said, ...args });
  }

  /** The catalog lists the reading of a resource. `impact` as `IAuthorityLimits.ImpactKind` counts; 0 retires it. */
  list(uri: string, facts: { impact?: number; scope?: number; reversibility?: number } = {}): Promise<void> {
    return this.record("ActionFactsSet", {
      target: dataTarget(uri),
      selector: dataReadSelector,
      facts: { impact: 1, scope: 3, reversibility: 100, fixedImpact: 0, amountWord: 0, assetWord: 0, ...facts },
    });
  }

  /** What the team may do by itself; as it stands, exactly what {@link list} lists. */
  limitTeam(team: number, limits: { scopes?: number; minReversibility?: number } = {}): Promise<void> {
    return this.record("TeamLimitsSet", {
      team,
      anchor: nowhere,
      limits: { maxImpact: 0, scopes: 0b1000, minReversibility: 100, ...limits },
    });
  }

  now(): Promise<number> {
    return this.chain.client.getBlock().then(({ timestamp }) => Number(timestamp));
  }

  /** By which role a resource is read; where by grants, its reading is listed. */
  async protect(uri: string, role: bigint = roles.GRANT_ROLE): Promise<void> {
    const action = { target: dataTarget(uri), selector: dataReadSelector };
    await this.record("TargetFunctionRoleUpdated", { ...action, roleId: role });
    if (role === roles.GRANT_ROLE) await this.list(uri);
  }

  close(uri: string, closed: boolean): Promise<void> {
    return this.record("TargetClosed", { target: dataTarget(uri), closed });
  }

  grantRole(
    role: bigint,
    account: Hex,
    change: { delay?: number; since?: number; newMember?: boolean } = {},
  ): Promise<void> {
    return this.record("RoleGranted", { roleId: role, account, delay: 0, since: 0, newMember: true, ...change });
  }

  revokeRole(role: bigint, account: Hex): Promise<void> {
    return this.record("RoleRevoked", { roleId: role, account });
  }

  /** Opens a task of a team that may read by itself. */
  async openTask(task: number, team = 1): Promise<void> {
    await this.limitTeam(team);
    const deadline = (await this.now()) + 10_000;
    await this.record("TaskOpened", { task, team, opener: nowhere, deadline, purpose: word(2) });
  }

  endTask(task: number, status: "completed" | "failed"): Promise<void> {
    return this.record("TaskEnded", { task, status: status === "completed" ? 2 : 3 });
  }

  async grant(
    uri: string,
    grantee: Hex,
    change: { task?: number; startsIn?: number; endsIn?: number; uses?: number; cap?: number } = {},
  ): Promise<void> {
    const now = await this.now();
    await this.record("GrantGiven", {
      task: change.task ?? 1,
      grantee,
      target: dataTarget(uri),
      selector: dataReadSelector,
      notBefore: now + (change.startsIn ?? -1),
      notAfter: now + (change.endsIn ?? 5_000),
      uses: change.uses ?? 0,
      cap: change.cap ?? 0,
      granter: nowhere,
    });
  }

  endGrant(uri: string, grantee: Hex, task = 1): Promise<void> {
    return this.record("GrantEnded", {
      task,
      grantee,
      target: dataTarget(uri),
      selector: dataReadSelector,
      by: grantee,
    });
  }
}

/** The chain that a gateway mirrors. */
export interface FollowedChain {
  readonly client: ChainClient;
  readonly chain: { readonly rpcUrl: string };
}

/** A gateway with its own database, and what a reader does with it. */
export class TestGateway {
  readonly running: RunningAcl;
  private readonly chain: FollowedChain;

  private constructor(running: RunningAcl, chain: FollowedChain) {
    this.running = running;
    this.chain = chain;
  }

  static async start(
    chain: FollowedChain,
    options: { databaseUrl: string; deployment: string } & Partial<AclConfiguration>,
  ): Promise<TestGateway> {
    const configuration: AclConfiguration = {
      chainId: 31337,
      rpcUrl: chain.chain.rpcUrl,
      listen: { host: "127.0.0.1", port: 0 },
      maximumLagSeconds: 30,
      sessionSeconds: 600,
      rolePrefix: "mandate_acl",
      records: [],
      connections: 4,
      pollMs: 20,
      ...options,
    };
    const running = await runAcl({ configuration, logger: pino({ level: "silent" }), clock: systemClock });
    return new TestGateway(running, chain);
  }

  url(path: string): string {
    return `${this.running.url}${path}`;
  }

  post(path: string, body: unknown, token?: string): Promise<Response> {
    const headers = {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    return fetch(this.url(path), { method: "POST", headers, body: JSON.stringify(body) });
  }

  async nonce(): Promise<string> {
    return signInNonceAnswerSchema.parse(await (await this.post("/v1/sign-in/nonce", {})).json()).nonce;
  }

  async message(account: HDAccount, change: Partial<Parameters<typeof createSiweMessage>[0]> = {}): Promise<string> {
    return createSiweMessage({
      address: account.address,
      chainId: 31337,
      domain: new URL(this.running.url).host,
      nonce: await this.nonce(),
      uri: this.running.url,
      version: "1",
      ...change,
    });
  }

  async signIn(account: HDAccount): Promise<string> {
    const message = await this.message(account);
    const response = await this.post("/v1/sign-in", { message, signature: await account.signMessage({ message }) });
    return signInAnswerSchema.parse(await response.json()).token;
  }

  async read(resource: string, token: string): Promise<QueryAnswer> {
    return queryAnswerSchema.parse(await (await this.post("/v1/query", { resource }, token)).json());
  }

  async why(resource: string, who: { account?: Hex; token?: string }): Promise<DataWhyAnswer> {
    const query = new URLSearchParams({ resource, ...(who.account === undefined ? {} : { account: who.account }) });
    const headers = who.token === undefined ? {} : { authorization: `Bearer ${who.token}` };
    return dataWhyAnswerSchema.parse(await (await fetch(this.url(`/v1/why?${query.toString()}`), { headers })).json());
  }

  async status(): Promise<GatewayStatusAnswer> {
    return gatewayStatusAnswerSchema.parse(await (await fetch(this.url("/v1/status"))).json());
  }

  /** Resolves once the mirror stands at the head of the chain. */
  async mirrored(): Promise<void> {
    const { hash } = await this.chain.client.getBlock();
    const endMs = Date.now() + 15_000;
    while (Date.now() < endMs) {
      await systemClock.sleep(10);
      if ((await this.status()).at?.hash === hash) return;
    }
    throw new Error("the mirror did not reach the head of the chain within 15 s");
  }
}
