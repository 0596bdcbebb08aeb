import { join } from "node:path";
import { databaseUrl, ensureDatabase, ensureLoginRole } from "../../src/stack/postgres-database.ts";
import type { RunningService } from "../../src/stack/supervisor/service.ts";
import type { Supervisor } from "../../src/stack/supervisor/supervisor.ts";
import type { Foundation } from "../local/foundation.ts";
import type { Layout } from "../local/layout.ts";
import { Services } from "../local/services.ts";

/** The two projects of the demonstration: one works, the other does nothing. */
export const demoProjects = { working: "beacon", idle: "mirage" } as const;

/** Commits often enough for every short epoch of the demonstration to hold some. */
const COMMIT_SECONDS = 3;

/** Services of the demonstration. They start side by side; whoever needs one waits for it. */
export interface DemoServices {
  readonly operators: Promise<RunningService[]>;
  readonly attestors: Promise<RunningService[]>;
  readonly examples: Promise<RunningService[]>;
  readonly indexer: Promise<RunningService>;
  readonly gateway: Promise<RunningService>;
}

export function repositoryOf(layout: Layout, project: string): string {
  return join(layout.directory, "repositories", project);
}

async function startIndexer(services: Services, { postgres }: Foundation): Promise<RunningService> {
  const role = { name: "mandate_indexer", password: postgres.derivePassword("indexer") };
  await ensureLoginRole(postgres.ownerUrl, role);
  await ensureDatabase(postgres.ownerUrl, "mandate", role.name);
  return services.indexer(databaseUrl(postgres.ownerUrl, "mandate", role));
}

/** Starts every service. What the first epoch needs comes first; the rest follows while it runs. */
export function startDemoServices(layout: Layout, foundation: Foundation, supervisor: Supervisor): DemoServices {
  const { deployment } = foundation.session;
  const repositories = Object.fromEntries(
    Object.values(demoProjects).map((name) => [name, repositoryOf(layout, name)]),
  );
  const services = new Services(
    { layout, deployment, organization: foundation.organization, repositories },
    supervisor,
  );
  const examples = supervisor.startStage([
    services.exampleProject({
      name: demoProjects.working,
      port: layout.ports.metrics,
      idle: false,
      commitSeconds: COMMIT_SECONDS,
    }),
    services.exampleProject({
      name: demoProjects.idle,
      port: layout.ports.metrics + 1,
      idle: true,
      commitSeconds: COMMIT_SECONDS,
    }),
  ]);
  const operators = examples.then(() => services.operators());
  const attestors = operators.then(() => services.attestors());
  const indexer = attestors.then(() => startIndexer(services, foundation));
  const gateway = indexer.then(() => services.gateway(foundation.postgres));
  for (const each of [examples, operators, attestors, indexer, gateway]) each.catch(() => undefined); // thrown to whoever waits for it
  return { operators, attestors, examples, indexer, gateway };
}
