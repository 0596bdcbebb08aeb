import type pg from "pg";
import type { ChallengesAnswer } from "../../core/api/challenges.ts";
import type { EscalationsAnswer } from "../../core/api/escalations.ts";
import type { EventAnswer, EventsAnswer } from "../../core/api/events.ts";
import type { ForksAnswer } from "../../core/api/forks.ts";
import type { PolicyAnswer } from "../../core/api/policy.ts";
import type { PoolsAnswer } from "../../core/api/pools.ts";
import type { ProjectDetailAnswer, ProjectsAnswer } from "../../core/api/projects.ts";
import type { ReportsAnswer } from "../../core/api/reports.ts";
import type { RulesetsAnswer } from "../../core/api/rulesets.ts";
import type { SafetyAnswer } from "../../core/api/safety.ts";
import type { TasksAnswer } from "../../core/api/tasks.ts";
import type { AnchorsAnswer, TeamsAnswer } from "../../core/api/teams.ts";
import type { Hex } from "../../core/hex.ts";
import type { AssetDirectory } from "./asset-directory.ts";
import type { ContractNames } from "./contract-names.ts";
import { readParties } from "./challenge-context.ts";
import { describeChallenge } from "./describe-challenge.ts";
import { describeEscalation } from "./describe-escalation.ts";
import { describeTask } from "./describe-grant.ts";
import { describeAction, describeParameter, describeRate } from "./describe-policy.ts";
import { amountAt, describeProject, type ProjectContext } from "./describe-project.ts";
import { describeRulesets } from "./describe-rulesets.ts";
import { describeAssetSafety, describeLimits, describeOracleSafety } from "./describe-safety.ts";
import { describeAnchor, describeTeam } from "./describe-team.ts";
import type { OracleClocks } from "./oracle-clocks.ts";
import { atHead, type Identified, type Snapshot } from "./snapshot.ts";
import { checksummed, checksummedOrNull, nameOf, placesOf } from "./spelling.ts";

interface EventColumns {
  readonly seq: number;
  readonly contract: Hex;
  readonly name: string;
  readonly args: EventAnswer["args"];
  readonly cause: Hex | null;
  readonly anchor: Hex | null;
  readonly block_number: number;
  readonly block_hash: Hex;
  readonly block_timestamp: number;
  readonly transaction_hash: Hex;
  readonly log_index: number;
}

/** Who answers for which team, along which paths: what an answer about a decision of people is made of. */
async function peopleOf(snapshot: Snapshot) {
  const teams = await snapshot.rows("team");
  const paths = await snapshot.rows("teamPath");
  return {
    now: snapshot.at.timestamp,
    teams: new Map(teams.map((team) => [Number(team.id), team])),
    paths: new Map(paths.map(({ id, path }) => [id, path])),
    anchors: byId(await snapshot.rows("anchor")),
  };
}

function byId<E extends { readonly id: string }>(rows: readonly E[]): Map<Hex, E> {
  return new Map(rows.map((row) => [row.id as Hex, row]));
}

/** Answers about the organization, each read at one block. */
export class Organization {
  private readonly pool: pg.Pool;
  private readonly assets: AssetDirectory;
  private readonly names: ContractNames;
  private readonly clocks: OracleClocks;

  constructor(options: {
    readonly pool: pg.Pool;
    readonly assets: AssetDirectory;
    readonly names: ContractNames;
    readonly clocks: OracleClocks;
  }) {
    this.pool = options.pool;
    this.assets = options.assets;
    this.names = options.names;
    this.clocks = options.clocks;
  }

  pools(): Promise<PoolsAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const pools = await snapshot.rows("pool", "ORDER BY opened_at, id");
      const projects = await snapshot.rows("project", "WHERE funded_from IS NOT NULL AND status = 'active'");
      const held = (id: string): Map<Hex, { amount: string; committed: bigint }> => {
        const balances = pools.find((pool) => pool.id === id)?.balances ?? {};
        const byAsset = new Map(
          Object.entries(balances).map(([asset, amount]) => [asset as Hex, { amount, committed: 0n }]),
        );
        for (const project of projects.filter(({ fundedFrom }) => fundedFrom === id)) {
          const entry = byAsset.get(project.plan.asset) ?? { amount: "0", committed: 0n };
          byAsset.set(project.plan.asset, { ...entry, committed: entry.committed + amountAt(project, "pending") });
        }
        return byAsset;
      };
      const balances = new Map(pools.map(({ id }) => [id, held(id)]));
      const assets = await this.assets.describeAll([...balances.values()].flatMap((each) => [...each.keys()]));
      return {
        at: snapshot.at,
        pools: pools.map((pool) => ({
          id: pool.id as Hex,
          name: nameOf(pool.name),
          vault: checksummed(pool.vault),
          steward: checksummedOrNull(pool.steward),
          anchor: checksummed(pool.anchor),
          openedAt: pool.openedAt,
          closedAt: pool.closedAt,
          balances: [...(balances.get(pool.id) ?? [])].flatMap(([address, { amount, committed }]) => {
            const asset = assets.get(address);
            return asset === undefined ? [] : [{ asset, amount, committed: committed.toString() }];
          }),
        })),
      };
    });
  }

  projects(): Promise<ProjectsAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const projects = await snapshot.rows("project", "ORDER BY opened_at, id");
      const context = await this.projectContext(snapshot, projects);
      return { at: snapshot.at, projects: projects.map((project) => describeProject(project, context)) };
    });
  }

  /** Undefined where there is no such project. */
  project(id: string): Promise<ProjectDetailAnswer | undefined> {
    return atHead(this.pool, async (snapshot) => {
      const [project] = await snapshot.rows("project", "WHERE id = $1", [id]);
      if (project === undefined) return undefined;
      const context = await this.projectContext(snapshot, [project]);
      const events = await snapshot.query<EventColumns>(
        "SELECT * FROM event WHERE entity = 'project' AND entity_id = $1 ORDER BY seq",
        [id],
      );
      return {
        at: snapshot.at,
        project: describeProject(project, context),
        plan: project.plan as unknown as ProjectDetailAnswer["plan"],
        events: events.map((event) => this.describeEvent(event)),
      };
    });
  }

  reports(limit: number): Promise<ReportsAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const reports = await snapshot.rows("report", "ORDER BY accepted_at DESC, index DESC LIMIT $1", [limit]);
      const sets = new Map((await snapshot.rows("operatorSet")).map((set) => [set.id, set]));
      return {
        at: snapshot.at,
        reports: reports.map(({ id: _id, oracle, signers, threshold, nextThreshold, transactionHash, ...report }) => {
          const operators = sets.get(`${oracle}/${report.configuration}`)?.operators;
          return {
            ...report,
            oracle: checksummed(oracle),
            threshold: threshold.toString(),
            nextThreshold: nextThreshold.toString(),
            signers: placesOf(signers).map((seat) => {
              const operator = operators?.[seat];
              return { seat, operator: operator === undefined ? null : checksummed(operator) };
            }),
            transaction: transactionHash,
          };
        }),
      };
    });
  }

  forks(): Promise<ForksAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const forks = await snapshot.rows("fork", "ORDER BY opened_at DESC, id");
      const proposals = new Map((await snapshot.rows("proposal")).map((proposal) => [proposal.id, proposal]));
      const assets = await this.assets.describeAll(forks.map(({ asset }) => asset));
      return {
        at: snapshot.at,
        forks: forks.flatMap((fork) => {
          const asset = assets.get(fork.asset);
          if (asset === undefined) return [];
          const proposal = fork.proposal === null ? undefined : proposals.get(fork.proposal);
          return [
            {
              id: fork.id as Hex,
              status: fork.status,
              parentPool: fork.parentPool,
              asset,
              deadline: fork.deadline,
              anchor: checksummed(fork.anchor),
              winner: fork.winner,
              branches: fork.branches.map((branch, place) => ({
                ...branch,
                branch: place,
                steward: checksummed(branch.steward),
                status: fork.status === "merged" && fork.winner !== place ? ("archived" as const) : fork.status,
                votes: proposal?.votes[place] ?? "0",
              })),
              proposal:
                proposal === undefined
                  ? null
                  : {
                      id: proposal.id.split("/")[1] ?? "0",
                      proposer: checksummed(proposal.proposer),
                      voteStart: proposal.voteStart,
                      voteEnd: proposal.voteEnd,
                      executed: proposal.executed,
                    },
            },
          ];
        }),
      };
    });
  }

  tasks(): Promise<TasksAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const tasks = await snapshot.rows("task", "ORDER BY id::bigint DESC");
      const grants = Map.groupBy(await snapshot.rows("taskGrant", "ORDER BY id"), (grant) => grant.task);
      return {
        at: snapshot.at,
        tasks: tasks.map((task) => describeTask(task, grants.get(Number(task.id)) ?? [], snapshot.at.timestamp)),
      };
    });
  }

  teams(): Promise<TeamsAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const [teams, limits, members, anchors, scopes] = [
        await snapshot.rows("team", "ORDER BY id::int"),
        await snapshot.rows("teamLimits"),
        await snapshot.rows("teamMember", "WHERE until IS NULL ORDER BY since, id"),
        await snapshot.rows("anchor"),
        await this.scopes(snapshot),
      ];
      const context = {
        now: snapshot.at.timestamp,
        anchors: byId(anchors),
        limits: new Map(limits.map((each) => [each.id, each])),
        members: Map.groupBy(members, ({ team }) => team),
        scopes: new Map(scopes.map(({ scope, name }) => [scope, name])),
      };
      return { at: snapshot.at, teams: teams.map((team) => describeTeam(team, context)) };
    });
  }

  anchors(): Promise<AnchorsAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const teams = await snapshot.rows("team", "ORDER BY id::int");
      const anchors = await snapshot.rows("anchor", "ORDER BY id");
      return {
        at: snapshot.at,
        anchors: anchors.map((anchor) => describeAnchor(anchor, byId(anchors), teams, snapshot.at.timestamp)),
      };
    });
  }

  safety(): Promise<SafetyAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const now = snapshot.at.timestamp;
      const assets = await snapshot.rows("asset", "ORDER BY id");
      const described = await this.assets.describeAll(assets.map(({ id }) => id as Hex));
      const trips = byId(await snapshot.rows("assetSafety"));
      const rulings = byId(await snapshot.rows("ruling"));
      const limits = await snapshot.rows("vaultLimits", "ORDER BY id");
      const oracles = await snapshot.rows("oracleSafety", "ORDER BY id");
      return {
        at: snapshot.at,
        limits: limits.map(describeLimits),
        assets: assets.flatMap(({ id, vault }) => {
          const asset = described.get(id as Hex);
          const own = limits.find((each) => each.id === vault);
          if (asset === undefined) return [];
          const [safety, ruling] = [trips.get(id as Hex), rulings.get(id as Hex)];
          return [describeAssetSafety({ asset, vault, safety, ruling, limits: own, now })];
        }),
        oracles: oracles.map((oracle) => describeOracleSafety(oracle, now)),
      };
    });
  }

  policy(): Promise<PolicyAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const now = snapshot.at.timestamp;
      const parameters = await snapshot.rows("parameter", "ORDER BY id");
      const values = await snapshot.rows("parameterValue", "ORDER BY team");
      const changes = await snapshot.rows("parameterChange", "ORDER BY proposed_at DESC, team");
      const rates = await snapshot.rows("assetRate", "ORDER BY id");
      const assets = await this.assets.describeAll(rates.map(({ id }) => id as Hex));
      const actions = await snapshot.rows("catalogAction", "ORDER BY target, selector");
      const capabilities = await snapshot.rows("capability", "ORDER BY id");
      return {
        at: snapshot.at,
        parameters: parameters.map((parameter) => describeParameter(parameter, values, changes, now)),
        rates: rates.flatMap((rate) => {
          const asset = assets.get(rate.id as Hex);
          return asset === undefined ? [] : [describeRate(rate, asset, now)];
        }),
        scopes: await this.scopes(snapshot),
        actions: actions.map((action) => describeAction(action, (address) => this.names.nameOf(address))),
        capabilities: capabilities.map(({ id, actions: listed, ...capability }) => ({
          ...capability,
          capability: nameOf(id as Hex),
          actions: listed.map(({ target, selector }) => ({ target: checksummed(target), selector })),
        })),
      };
    });
  }

  escalations(limit: number): Promise<EscalationsAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const rows = await snapshot.rows("escalation", "ORDER BY opened_at DESC, id LIMIT $1", [limit]);
      const context = { ...(await peopleOf(snapshot)), nameOf: (address: Hex) => this.names.nameOf(address) };
      return { at: snapshot.at, escalations: rows.map((row) => describeEscalation(row, context)) };
    });
  }

  challenges(limit: number): Promise<ChallengesAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const rows = await snapshot.rows("challenge", "ORDER BY opened_at DESC, id LIMIT $1", [limit]);
      const context = { ...(await peopleOf(snapshot)), partiesOf: await readParties(snapshot, rows) };
      return { at: snapshot.at, challenges: rows.map((row) => describeChallenge(row, context)) };
    });
  }

  rulesets(): Promise<RulesetsAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const rows = await snapshot.rows("ruleset", "ORDER BY block, log_index");
      const oracles = [...new Set(rows.map(({ oracle }) => oracle))].sort();
      const described = oracles.map(async (oracle) => {
        const own = rows.filter((row) => row.oracle === oracle);
        return describeRulesets(own, await this.clocks.of(oracle), snapshot.at.timestamp);
      });
      return { at: snapshot.at, rulesets: (await Promise.all(described)).flat() };
    });
  }

  events(after: bigint, limit: number): Promise<EventsAnswer> {
    return atHead(this.pool, async (snapshot) => {
      const events = await snapshot.query<EventColumns>("SELECT * FROM event WHERE seq > $1 ORDER BY seq LIMIT $2", [
        after,
        limit,
      ]);
      return {
        at: snapshot.at,
        events: events.map((event) => this.describeEvent(event)),
        next: (events.at(-1)?.seq ?? after).toString(),
      };
    });
  }

  private async scopes(snapshot: Snapshot): Promise<{ scope: number; name: string }[]> {
    const scopes = await snapshot.rows("scope", "ORDER BY id::int");
    return scopes.map(({ id, name }) => ({ scope: Number(id), name: nameOf(name) }));
  }

  private async projectContext(
    snapshot: Snapshot,
    projects: readonly Identified<"project">[],
  ): Promise<ProjectContext> {
    const sets = projects.flatMap(({ plan }) =>
      plan.milestones.map((each) => `${each.attestorSet}/${each.attestorSetVersion}`),
    );
    const attestorSets = await snapshot.rows(
      "attestorSet",
      `WHERE id IN (
        WITH RECURSIVE line (id, successor) AS (
          SELECT id, successor FROM attestor_set WHERE id = ANY ($1::text[])
          UNION
          SELECT behind.id, behind.successor FROM attestor_set AS behind JOIN line ON behind.id = line.successor
        )
        SELECT id FROM line
      )`,
      [[...new Set(sets)]],
    );
    const latest = await snapshot.query<{ oracle: Hex; index: number; accepted_at: number }>(
      `SELECT DISTINCT ON (oracle) oracle, index, accepted_at FROM (
        SELECT oracle, index, accepted_at FROM report
        UNION ALL
        SELECT calendar, index, begun_at FROM review_period
      ) AS counted ORDER BY oracle, index DESC`,
    );
    return {
      at: snapshot.at,
      assets: await this.assets.describeAll(projects.map(({ plan }) => plan.asset)),
      isReviewed: (oracle) => this.names.nameOf(oracle) === "ReviewCalendar",
      attestorSets: new Map(attestorSets.map((set) => [set.id, set])),
      latestReports: new Map(
        latest.map(({ oracle, index, accepted_at }) => [oracle, { index, acceptedAt: accepted_at }]),
      ),
    };
  }

  private describeEvent(event: EventColumns): EventAnswer {
    return {
      cursor: event.seq.toString(),
      contract: checksummed(event.contract),
      contractName: this.names.nameOf(event.contract),
      name: event.name,
      args: event.args,
      cause: event.cause,
      anchor: event.anchor === null ? null : checksummedOrNull(event.anchor),
      block: event.block_number,
      blockHash: event.block_hash,
      timestamp: event.block_timestamp,
      transaction: event.transaction_hash,
      logIndex: event.log_index,
    };
  }
}
