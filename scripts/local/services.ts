import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { ensureDatabase } from "../../src/stack/postgres-database.ts";
import { startService, type RunningService } from "../../src/stack/supervisor/service.ts";
import type { Supervisor } from "../../src/stack/supervisor/supervisor.ts";
import {
  attestorNames,
  operatorUrls,
  writeAttestorConfiguration,
  writeEvidenceConfiguration,
  writeGatewayConfiguration,
  writeIndexerConfiguration,
  writeNotifyConfiguration,
  writeOperatorConfiguration,
  type StackFacts,
} from "./configurations.ts";
import { operatorNames } from "./found-organization.ts";
import { urlOf } from "./layout.ts";

const exampleProgram = fileURLToPath(new URL("./example-project.ts", import.meta.url));
const webDirectory = fileURLToPath(new URL("../../web/dist", import.meta.url));

/** Starts services of a local stack, each in a process of its own. */
export class Services {
  readonly #facts: StackFacts;
  readonly #supervisor: Supervisor;

  constructor(facts: StackFacts, supervisor: Supervisor) {
    this.#facts = facts;
    this.#supervisor = supervisor;
  }

  #service(
    title: string,
    log: string,
    args: readonly string[],
    more: { program?: string; env?: Record<string, string> } = {},
  ) {
    const { layout } = this.#facts;
    return (): Promise<RunningService> =>
      startService({ title, args, logFile: layout.log(log), signal: this.#supervisor.signal, ...more });
  }

  operators(): Promise<RunningService[]> {
    return this.#supervisor.startStage(operatorNames.map((_name, index) => this.operator(index + 1)));
  }

  /** How to start one operator, counted from 1. */
  operator(number: number): () => Promise<RunningService> {
    const config = writeOperatorConfiguration(this.#facts, number);
    return this.#service(`oracle operator ${number}`, `operator-${number}`, ["oracle", "run", "--config", config]);
  }

  /** The evidence store, for the parties of projects. */
  evidence(): Promise<RunningService> {
    const config = writeEvidenceConfiguration(this.#facts);
    return this.#supervisor.start(
      this.#service("the evidence store", "evidence", ["evidence", "serve", "--config", config]),
    );
  }

  /** @param evidenceStores where they look for what the stack's documents do not have */
  attestors(evidenceStores: readonly string[] = []): Promise<RunningService[]> {
    return this.#supervisor.startStage(
      attestorNames.map((name, index) => {
        const config = writeAttestorConfiguration(this.#facts, index + 1, evidenceStores);
        return this.#service(`attestor ${index + 1} (${name})`, `attestor-${index + 1}`, [
          "attestor",
          "run",
          "--config",
          config,
        ]);
      }),
    );
  }

  /** The indexer, which serves the web page as well where it is built. */
  indexer(databaseUrl: string): Promise<RunningService> {
    const config = writeIndexerConfiguration(this.#facts, existsSync(webDirectory) ? webDirectory : undefined);
    const env = { DATABASE_URL: databaseUrl };
    return this.#supervisor.start(
      this.#service("the indexer", "indexer", ["indexer", "run", "--config", config], { env }),
    );
  }

  /** The data gateway, which enforces grants in PostgreSQL. It makes roles of its own, so it gets the owner's address. */
  async gateway({ ownerUrl }: { ownerUrl: string }): Promise<RunningService> {
    const owner = new URL(ownerUrl);
    await ensureDatabase(ownerUrl, "mandate_acl", owner.username);
    owner.pathname = "/mandate_acl";
    const config = writeGatewayConfiguration(this.#facts);
    const env = { DATABASE_URL: owner.href };
    return this.#supervisor.start(
      this.#service("the data gateway", "acl", ["acl", "run", "--config", config], { env }),
    );
  }

  /** The notification service, with a feed of everything that waits for somebody. */
  notify(): Promise<RunningService> {
    const config = writeNotifyConfiguration(this.#facts);
    return this.#supervisor.start(
      this.#service("the notification service", "notify", ["notify", "run", "--config", config]),
    );
  }

  /** An example project's own service. */
  exampleProject(project: {
    name: string;
    port: number;
    idle: boolean;
    commitSeconds: number;
  }): () => Promise<RunningService> {
    const { layout, repositories } = this.#facts;
    const repository = repositories[project.name] ?? join(layout.directory, "repositories", project.name);
    const args = ["--port", String(project.port), "--rpc", urlOf(layout.ports.chain), "--repository", repository];
    const more = ["--commit-seconds", String(project.commitSeconds), ...(project.idle ? ["--idle"] : [])];
    return this.#service(`the example project ${project.name}`, `project-${project.name}`, [...args, ...more], {
      program: exampleProgram,
    });
  }

  /** Renews every active project with each report: what each project's team would do, or anybody for it. */
  renewal(): Promise<RunningService> {
    const { layout } = this.#facts;
    const place = ["--deployment", layout.deployment, "--rpc-url", urlOf(layout.ports.chain)];
    const args = ["project", "renew", "--watch", "--as", "relayer", ...place, "--operators", ...operatorUrls(layout)];
    return this.#supervisor.start(this.#service("the renewal of leases", "renewal", args));
  }
}
