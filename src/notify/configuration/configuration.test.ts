import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../rules/find-due.ts";
import { configurationKeys, loadNotifyConfiguration } from "./configuration.ts";
import { temporaryDirectory } from "../../../test/support/temporary-directory.ts";

const manual = readFileSync(new URL("../../../docs/operations/notifications.md", import.meta.url), "utf8");

function file(text: string): string {
  const path = join(temporaryDirectory("mandate-configuration"), "notify.yaml");
  writeFileSync(path, text);
  return path;
}

const least = "chainId: 1\nrpcUrl: http://localhost:1\ndeployment: d.json\ndatabase: n.sqlite\nlisten: { port: 0 }\n";
const smtp = "{ kind: smtp, host: h, port: 25, from: a@b.c, to: d@e.f, security: ";

describe("the notification service's configuration", () => {
  it("given the manual's example, it is read, and files are found beside it", () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(manual)?.[1] ?? "";
    const path = file(example);
    const { channels, subscriptions, names, database, retry, pollMs } = loadNotifyConfiguration(path);
    expect(Object.keys(channels)).toEqual(["anna", "ops", "desk"]);
    expect(subscriptions).toHaveLength(3);
    expect(names).toEqual({ "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc": "Anna" });
    expect(database).toBe(path.replace("notify.yaml", "state/notify.sqlite"));
    expect({ retry, pollMs }).toEqual({ retry: { firstMs: 5_000, longestMs: 900_000 }, pollMs: 1_000 });
    expect(channels["ops"]).toMatchObject({ allowPrivate: false, timeoutMs: 10_000 });
  });

  it("given the least, it is read: a service without channels says that nobody subscribed", () => {
    expect(loadNotifyConfiguration(file(`${least}channels: {}\n`))).toMatchObject({ subscriptions: [], unrouted: [] });
  });

  it.each([
    ["an unknown key", "channels: {}\nunknown: 1\n", "unknown"],
    ["a channel that is not there", "channels: {}\nunrouted: [desk]\n", "there is no channel desk"],
    ["a secret in the configuration", "channels: { f: { kind: feed, token: open-sesame } }\n", "token"],
    ["a rule that is not there", "channels: {}\naheadSeconds: { task-end: [1] }\n", "task-end"],
    ["a password without encryption", `channels: { m: ${smtp}none, user: u, password: { env: P } } }\n`, "never sent"],
    ["a user without a password", `channels: { m: ${smtp}tls, user: u } }\n`, "a user and a password"],
    [
      "two interests at once",
      "channels: {}\nsubscriptions: [{ to: { team: 1, everything: true }, channels: [a] }]\n",
      "to",
    ],
  ])("given %s, it says where", (_what, text, words) => {
    const path = file(least + text);
    expect(() => loadNotifyConfiguration(path)).toThrow(
      expect.objectContaining({ code: "ConfigurationInvalid", kind: "input", message: expect.stringContaining(words) }),
    );
  });

  it("documents every key, every rule and its line", () => {
    expect(configurationKeys.filter((key) => !manual.includes(`\`${key}\``))).toEqual([]);
    expect(rules.filter(({ name }) => !manual.includes(`| \`${name}\` |`))).toEqual([]);
  });
});
