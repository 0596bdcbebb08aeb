import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleSchema } from "../../src/oracle/bundle/bundle.ts";
import {
  eventually,
  reportDeadlineSeconds,
  startOracleNetwork,
  type OperatorProcess,
  type OracleNetwork,
} from "../support/oracle-network.ts";
import { startThrowawayPostgres, type ThrowawayPostgres } from "../support/throwaway-postgres.ts";

/** Secrets that would be found wherever they went. */
const token = "marker-token-5f1e";
const basicPassword = "marker-basic-77aa";
const databasePassword = "marker-database-c0de";
const basic = Buffer.from(`reader:${basicPassword}`).toString("base64");
const spellings = [
  token,
  basicPassword,
  databasePassword,
  basic,
  ...[token, databasePassword].map((each) => Buffer.from(each).toString("base64")),
];

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const rule = { unreachable: "missing", declined: "refused" };
const part = "250000000000000000";
const metric = { decimals: 0, floor: "0", ceiling: "10", weight: part, onFailure: rule };
let echo: Server;
let origin: string;
let authorizations: (string | undefined)[] = [];
let database: ThrowawayPostgres;
let secrets: string;
let network: OracleNetwork;
let operator: OperatorProcess;

/** Everything that was written below a directory. */
function textsBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => readFileSync(join(each.parentPath, each.name), "latin1"));
}

function mandate(...args: readonly string[]): Promise<string> {
  return new Promise((resolve) =>
    execFile(process.execPath, [main, "oracle", ...args], (_error, stdout, stderr) => resolve(stdout + stderr)),
  );
}

beforeAll(async () => {
  // A hostile service: it repeats what it was sent wherever it can.
  echo = createServer((request, response) => {
    const { authorization } = request.headers;
    authorizations.push(authorization);
    const decoded = Buffer.from(authorization?.split(" ")[1] ?? "", "base64").toString("latin1");
    if (request.url === "/text") response.end(`value ${authorization} ${decoded}`);
    else response.setHeader("x-echo", authorization ?? "").end(JSON.stringify({ a: 4, authorization, decoded }));
  });
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  const address = echo.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  origin = `http://127.0.0.1:${address.port}`;

  database = await startThrowawayPostgres();
  const shop = await database.createDatabase();
  await shop.pool.query(`create role reader login password '${databasePassword}'`);
  const url = new URL(shop.url);
  url.username = "reader";
  url.password = "";

  secrets = mkdtempSync(join(tmpdir(), "mandate-secrets-"));
  mkdirSync(secrets, { recursive: true });
  writeFileSync(join(secrets, "token"), `${token}\n`);
  writeFileSync(join(secrets, "database"), databasePassword);
  writeFileSync(join(secrets, "wrong"), `${databasePassword}-wrong`);
  network = await startOracleNetwork({
    hosts: ["127.0.0.1"],
    repositories: {},
    credentials: { [origin]: { prefix: "Bearer ", secret: { file: join(secrets, "token") } } },
    databases: {
      shop: { url: url.href, password: { file: join(secrets, "database") } },
      closed: { url: url.href, password: { file: join(secrets, "wrong") } },
    },
  });
  await network.openProject({
    kind: "mandate.score-definition/1",
    title: "reads with credentials",
    dimensions: [
      {
        name: "only",
        weight: "1000000000000000000",
        metrics: [
          { name: "value", source: { kind: "http-json", url: `${origin}/json`, pointer: "/a" }, ...metric },
          { name: "text", source: { kind: "prometheus", url: `${origin}/text`, metric: "value" }, ...metric },
          { name: "rows", source: { kind: "sql", database: "shop", statement: "select 5" }, ...metric },
          { name: "closed", source: { kind: "sql", database: "closed", statement: "select 5" }, ...metric },
        ],
      },
    ],
  });
  // Nobody reveals what it observed before enough have committed to what they did.
  const three = ["operatorOne", "operatorTwo", "operatorThree"] as const;
  const [first] = await Promise.all(three.map((name) => network.start(name)));
  if (first === undefined) throw new Error("no operator");
  operator = first;
  await network.jumpTo(await network.endOf(await network.runningEpoch()));
});

afterAll(async () => {
  await network.stop();
  await database.stop();
  echo.closeAllConnections();
  echo.close();
  rmSync(secrets, { recursive: true, force: true });
});

describe("an operator with credentials, on services that repeat them", () => {
  it("iOP-011: given an epoch that it observes, they are used, and stand in nothing that it writes or serves", async () => {
    const epoch = await network.runningEpoch();
    await network.jumpTo(await network.endOf(epoch));
    const captures = await eventually("the operator observes", () =>
      textsBelow(operator.data).find((text) => text.includes('{\\"a\\":4')),
    );
    expect(captures).toContain("[secret]");
    expect(authorizations).toContain(`Bearer ${token}`);
    await eventually("it says which sources failed", () => operator.log.find((line) => line.includes("only/closed")));
    expect(operator.log.find((line) => line.includes("only/text"))).toContain("not a text exposition");

    const ask = (path: string): Promise<Response> => fetch(new URL(`/v1/epochs/${epoch}/bundle${path}`, operator.url));
    const liveAgreement = await eventually("it reveals what it observed", async () => {
      const text = await (await fetch(new URL(`/v1/agreement/${epoch}`, operator.url))).text();
      return text.includes("only/rows") ? text : undefined;
    });
    await network.jumpTo((await network.endOf(epoch)) + reportDeadlineSeconds);
    const document = await eventually("the operator seals what it has", async () => {
      const response = await ask("");
      return response.ok ? response.text() : undefined;
    });
    const { parts, captures: sealed } = bundleSchema.parse(JSON.parse(document));
    expect(sealed.length).toBeGreaterThan(0);
    const bundle = await Promise.all(parts.map(async ({ hash }) => (await ask(`/parts/${hash}`)).text()));
    expect(bundle.join()).toContain("[secret]");

    const served = await Promise.all(
      ["/metrics", "/v1/status", "/healthz", `/v1/agreement/${epoch}`, `/v1/epochs/${epoch}`].map(async (path) =>
        (await fetch(new URL(path, operator.url))).text(),
      ),
    );
    const written = [...textsBelow(operator.data), ...operator.log, ...served, ...bundle, document, liveAgreement];
    for (const spelling of spellings) expect(written.filter((text) => text.includes(spelling))).toEqual([]);
  });

  it("given a check or a dry run, it tells which source failed and why, and no secret", async () => {
    const config = join(network.directory, "operatorOne.json");
    const texts = [
      await mandate("check", "--config", config),
      await mandate("check", "--config", config, "--json"),
      await mandate("dry-run", "--config", config),
      await mandate("dry-run", "--config", config, "--json"),
    ];
    expect(texts[0]).toMatch(/ok {4}source 0x\w+ only\/rows: sql shop: 5 in units of 1e-0/);
    expect(texts[0]).toMatch(
      /FAIL {2}source 0x\w+ only\/closed: sql closed: unreachable, 28P01: password authentication failed/,
    );
    expect(texts[2]).toMatch(/missing: only\/closed of 0x\w+…, sql closed: unreachable, 28P01/);
    expect(texts[2]).toMatch(
      /refused: only\/text of 0x\w+…, prometheus http:\S+\/text: declined, not a text exposition/,
    );
    for (const spelling of spellings) expect(texts.filter((text) => text.includes(spelling))).toEqual([]);
  });

  it("given another credential, for basic authentication, what is inside it is kept as well", async () => {
    const path = join(network.directory, "operatorOne.json");
    const configuration = JSON.parse(readFileSync(path, "utf8")) as { sources: Record<string, unknown> };
    writeFileSync(join(secrets, "basic"), basic);
    configuration.sources["credentials"] = { [origin]: { prefix: "Basic ", secret: { file: join(secrets, "basic") } } };
    const other = join(network.directory, "basic.json");
    writeFileSync(other, JSON.stringify(configuration));
    authorizations = [];
    const text = await mandate("dry-run", "--config", other, "--json");
    expect(authorizations).toContain(`Basic ${basic}`);
    for (const spelling of spellings) expect(text).not.toContain(spelling);
  });
});
