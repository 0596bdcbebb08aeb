import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { accountSchema } from "../../chain/hosting/configured-account.ts";
import { loadOperatorConfiguration, operatorConfigurationSchema } from "../configuration/operator-configuration.ts";
import { registerOperatorGauges } from "../node/operator-gauges.ts";
import { createOperatorMetrics } from "../node/operator-metrics.ts";

const root = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

const manual = read("docs/operations/oracle-manual.md");
const example = "docs/examples/operator.yaml";

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly anyOf?: readonly Shape[];
}

/** Paths of everything that a configuration can say: `listen.port`. */
function pathsOf({ properties }: Shape, prefix = ""): readonly string[] {
  return Object.entries(properties ?? {}).flatMap(([name, shape]) =>
    shape.properties === undefined ? [`${prefix}${name}`] : pathsOf(shape, `${prefix}${name}.`),
  );
}

const paths = pathsOf(z.toJSONSchema(operatorConfigurationSchema, { io: "input" }) as Shape);

/** Everything that an operator registers, by name. */
async function registered(): Promise<Map<string, { type: string; labels: readonly string[] }>> {
  const { registry } = createOperatorMetrics();
  registerOperatorGauges(registry, {
    sinceLastTickMs: () => 0,
    alerts: () => [],
    transactions: () => ({ queued: 0, pending: 0, succeeded: 0, reverted: 0, expired: 0, refused: 0 }),
    peers: [],
    statements: () => 0,
    balance: () => Promise.resolve(0n),
    fundBalance: () => Promise.resolve(0n),
    onBalanceFailed: () => undefined,
    nowMs: () => 0,
  });
  const labels = (each: unknown): readonly string[] =>
    z.object({ labelNames: z.array(z.string()) }).parse(each).labelNames;
  expect(registry).toBeInstanceOf(Registry);
  return new Map(
    (await registry.getMetricsAsJSON()).map(({ name, type }) => [
      name,
      { type: String(type), labels: labels(registry.getSingleMetric(name)) },
    ]),
  );
}

/** Names of this operator's metrics in a query; a histogram's parts count as the histogram. */
function metricsIn(text: string): readonly string[] {
  return [
    ...new Set([...text.matchAll(/mandate_oracle_[a-z_]+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, ""))),
  ];
}

const ruleSchema = z.strictObject({
  alert: z.string().regex(/^MandateOracle[A-Za-z]+$/),
  expr: z.string().min(1),
  for: z
    .string()
    .regex(/^\d+[smhd]$/)
    .optional(),
  labels: z.strictObject({ severity: z.enum(["critical", "warning", "info"]) }),
  annotations: z.strictObject({ summary: z.string().min(1), runbook: z.string() }),
});
const rules = z
  .strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(ruleSchema) })) })
  .parse(parse(read("deploy/operator/alerts.yaml")))
  .groups.flatMap((group) => group.rules);

describe("the operator's manual", () => {
  it("given every key of the configuration, it is in a table of the manual or of the sources", () => {
    const tables = manual + read("docs/operations/oracle-sources.md");
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !tables.includes(`| \`${path}\` |`))).toEqual([]);
    const documented = [...manual.matchAll(/^\| `([a-zA-Z.]+)` \|/gm)].map(([, path]) => path ?? "");
    const inConfiguration = documented.filter((path) => /^(chainId|keys|listen|submit|[a-z]+\.)/.test(path));
    expect(inConfiguration.filter((path) => !paths.includes(path))).toEqual([]);
  });

  it("given every form of a key, and every part of it, it is explained", () => {
    const options = (z.toJSONSchema(accountSchema, { io: "input" }) as Shape).anyOf ?? [];
    const names = new Set(options.flatMap((option) => Object.keys(option.properties ?? {})));
    expect([...names].sort()).toEqual([
      "address",
      "development",
      "env",
      "file",
      "keystore",
      "password",
      "remote",
      "timeoutMs",
    ]);
    expect([...names].filter((name) => !new RegExp(`\\b${name}: |\`${name}\``).test(manual))).toEqual([]);
  });

  it("given its example, it is read, and has every key", () => {
    expect(loadOperatorConfiguration(new URL(example, root).pathname)).toMatchObject({ submit: true, chainId: 1 });
    const value: unknown = parse(read(example));
    const at = (path: string): unknown =>
      path.split(".").reduce<unknown>((found, name) => (found as Record<string, unknown> | undefined)?.[name], value);
    expect(paths.filter((path) => at(path) === undefined)).toEqual([]);
  });
});

describe("the table of metrics", () => {
  it("given what an operator registers, it lists exactly that, with type and labels", async () => {
    const rows = [
      ...read("docs/operations/oracle-metrics.md").matchAll(/^\| `(mandate_oracle_\w+)` \| (\w+) \| (.*?) ?\| /gm),
    ];
    const documented = rows.map(([, name = "", type = "", labels = ""]) => [
      name,
      { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label) },
    ]);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(await registered()));
    expect(rows).toHaveLength((await registered()).size);
  });
});

describe("what is shipped to watch an operator", () => {
  it("given the alerts, they ask only for metrics that exist, and only by labels that these have", async () => {
    const known = await registered();
    for (const { alert, expr } of rules) {
      expect([alert, metricsIn(expr).filter((name) => !known.has(name))]).toEqual([alert, []]);
      for (const [, name = "", selector = ""] of expr.matchAll(/(mandate_oracle_[a-z_]+)\{([^}]*)\}/g)) {
        const used = [...selector.matchAll(/(\w+)=~?"/g)].map(([, label]) => label ?? "");
        const labels = known.get(name.replace(/_(bucket|sum|count)$/, ""))?.labels ?? [];
        expect([alert, used.filter((label) => !labels.includes(label))]).toEqual([alert, []]);
      }
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  it("given every alert, it has its own runbook, which it names; no runbook is left over", () => {
    const headings = [...read("docs/operations/oracle-runbooks.md").matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect(headings.sort()).toEqual(rules.map(({ alert }) => alert).sort());
    for (const { alert, annotations } of rules) {
      expect(annotations.runbook).toBe(`docs/operations/oracle-runbooks.md#${alert.toLowerCase()}`);
    }
  });

  it("given the dashboard, it asks only for metrics that exist, shows each of them, and panels do not overlap", async () => {
    const known = await registered();
    const panel = z.looseObject({
      id: z.number(),
      title: z.string().min(1),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.looseObject({ expr: z.string().min(1) })).min(1),
    });
    const { panels } = z
      .looseObject({ panels: z.array(panel) })
      .parse(JSON.parse(read("deploy/operator/dashboard.json")));
    const asked = metricsIn(panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join("\n"));
    expect([...asked].sort()).toEqual([...known.keys()].sort());
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.map(({ gridPos: { x, y } }) => `${x},${y}`);
    expect(new Set(cells).size).toBe(cells.length);
  });

  it("given the image, it copies only what exists, runs as nobody special, and starts a command that there is", () => {
    const lines = read("deploy/operator/Containerfile").split("\n");
    const copied = lines
      .filter((line) => line.startsWith("COPY ") && !line.includes("--from="))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(copied).toContain("src");
    expect(copied.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
    expect(lines.filter((line) => line.startsWith("USER "))).toEqual(["USER 10001:10001"]);
    expect(lines.indexOf("USER 10001:10001")).toBeGreaterThan(lines.findLastIndex((line) => line.startsWith("RUN ")));
    expect(
      lines.filter((line) => /^(FROM|HEALTHCHECK|ENTRYPOINT|CMD) /.test(line)).map((line) => line.split(" ")[0]),
    ).toEqual(["FROM", "FROM", "HEALTHCHECK", "ENTRYPOINT", "CMD"]);
    const entry = lines.find((line) => line.startsWith("ENTRYPOINT ")) ?? "";
    expect(JSON.parse(entry.slice("ENTRYPOINT ".length))).toEqual(["node", "src/cli/main.ts", "oracle"]);
    const node = /NODE_IMAGE=node:(\d+)\.(\d+)/.exec(lines.join("\n"));
    expect([Number(node?.[1]), Number(node?.[2]) >= 12]).toEqual([24, true]);
    // Whatever the program imports must be in the image: folders of `src`, and what is generated from contracts.
    expect(readdirSync(new URL("src", root))).toContain("oracle");
  });

  it("given the unit, it runs the command on a file, as a user of its own, without privileges", () => {
    const unit = read("deploy/operator/mandate-oracle.service");
    const settings = new Map(
      [...unit.matchAll(/^([A-Z]\w+)=(.*)$/gm)].map(([, name, value]): [string, string] => [name ?? "", value ?? ""]),
    );
    expect([...unit.matchAll(/^\[(\w+)\]$/gm)].map(([, name]) => name)).toEqual(["Unit", "Service", "Install"]);
    expect(settings.get("ExecStart")).toBe(
      "/usr/bin/node src/cli/main.ts oracle run --config /etc/mandate/operator.yaml",
    );
    expect(settings.get("User")).toBe("mandate-oracle");
    expect(settings.get("CapabilityBoundingSet")).toBe("");
    for (const name of ["NoNewPrivileges", "ProtectHome", "PrivateTmp"])
      expect([name, settings.get(name)]).toEqual([name, "true"]);
    expect(settings.get("ProtectSystem")).toBe("strict");
    // Node ends at once by an option that it does not know. The image sets the same.
    const options = settings.get("Environment") ?? "";
    expect(read("deploy/operator/Containerfile")).toContain(`\nENV ${options}\n`);
    const env = { ...process.env, NODE_OPTIONS: options.replace("NODE_OPTIONS=", "") };
    expect(execFileSync(process.execPath, ["-p", "1"], { env, encoding: "utf8" })).toBe("1\n");
  });
});
