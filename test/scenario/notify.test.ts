/** The notification service over the real contracts, a real mail server, and receivers that are dead, slow, broken or sly. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { encodeFunctionData, keccak256, stringToHex, zeroHash, type Hex } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { budgetVaultAbi } from "../../src/chain/abi.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { systemClock } from "../../src/core/clock.ts";
import { webhookSignature } from "../../src/notify/channels/webhook.ts";
import { loadNotifyConfiguration } from "../../src/notify/configuration/configuration.ts";
import { notifyStatusSchema, type NotifyStatus } from "../../src/notify/http/status.ts";
import { notifyOnce, runNotify, type RunningNotify } from "../../src/notify/run-notify.ts";
import { testChannels } from "../../src/notify/test-channels.ts";
import { freePort } from "../../src/stack/ports.ts";
import { startService, type RunningService } from "../../src/stack/supervisor/service.ts";
import { AuditedStory } from "../support/audited-story.ts";
import { rootTeam, storyTeam } from "../support/office.ts";
import { HookReceiver } from "../support/hook-receiver.ts";
import { MailServer } from "../support/mail-server.ts";

const secret = "the secret that signs webhooks";
const token = "the token that opens the feed";
const environment = { HOOK_SECRET: secret, FEED_TOKEN: token };
const coin: Hex = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";

let story: AuditedStory;
let directory: string;
let cases = 0;
let stopping: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  story = await AuditedStory.begin();
});
afterAll(() => story.system.stop());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-notify-"));
  cases += 1;
  stopping = [];
});
afterEach(async () => {
  for (const stop of stopping.reverse()) await stop();
  rmSync(directory, { recursive: true, force: true });
});

/** What a test starts ends with it. */
function owned<T extends { stop(): Promise<unknown> }>(each: T): T {
  stopping.push(() => each.stop());
  return each;
}

const hook = (url: string): object => ({
  kind: "webhook",
  url,
  secret: { env: "HOOK_SECRET" },
  allowPrivate: true,
  timeoutMs: 400,
});

/** Writes a configuration in which every channel gets everything. */
function configured(channels: Readonly<Record<string, object>>, more: object = {}): string {
  const { system } = story;
  const deployment = join(directory, "deployment.json");
  writeFileSync(deployment, JSON.stringify(system.deployment));
  const path = join(directory, "notify.json");
  const everything = { to: { everything: true }, channels: Object.keys(channels) };
  const configuration = {
    chainId: system.chainId,
    rpcUrl: system.rpcUrl,
    deployment,
    database: "state/notify.sqlite",
    listen: { port: 0 },
    pollMs: 20,
    retry: { firstMs: 40, longestMs: 200 },
    channels,
    subscriptions: Object.keys(channels).length === 0 ? [] : [everything],
    ...more,
  };
  writeFileSync(path, JSON.stringify(configuration));
  return path;
}

const silent = pino({ level: "silent" });

async function running(path: string): Promise<RunningNotify> {
  return owned(
    await runNotify({ configuration: loadNotifyConfiguration(path), environment, logger: silent, clock: systemClock }),
  );
}

async function statusOf(url: string): Promise<NotifyStatus> {
  return notifyStatusSchema.parse(await (await fetch(`${url}/v1/status`)).json());
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > endMs) throw new Error(`not within 20 s: ${what}`);
    await systemClock.sleep(20);
  }
}

/** A task of the anchor that is about to expire. @returns its number. */
async function endingTask(): Promise<number> {
  const { system } = story;
  const args = [storyTeam, keccak256(stringToHex(`task ${cases} ${Date.now()}`)), (await system.now()) + 300];
  await system.send("anchor", "Authority", "openTask", args);
  const tasks = (await system.read("Authority", "openTasksOf", [devAccount("anchor").address])) as number[];
  await system.travelTo((await system.now()) + 250);
  return Math.max(...tasks.map(Number));
}

/** A human who was proposed as an anchor and has not signed. */
async function proposedAnchor(name: "seatOne" | "seatTwo" | "seatThree"): Promise<string> {
  await story.system.send("governor", "Anchors", "enrol", [devAccount(name).address, keccak256(stringToHex(name))]);
  return `anchor-acceptance/${devAccount(name).address.toLowerCase()}/`;
}

describe("notifications", () => {
  it("given mail, webhook and feed, what waits reaches each of them, signed and with the command to run", async () => {
    const [mail, receiver] = [owned(await MailServer.start()), owned(await HookReceiver.start())];
    const task = await endingTask();
    const path = configured({
      mail: {
        kind: "smtp",
        host: "127.0.0.1",
        port: mail.port,
        security: "none",
        from: "Mandate <mandate@example.org>",
        to: "anna@example.org",
      },
      hook: hook(receiver.url),
      desk: { kind: "feed", token: { env: "FEED_TOKEN" } },
    });
    const notify = await running(path);
    const id = [...(await waitFor(receiver, `task-ends/${task}/`))][0] ?? "";

    const [request] = receiver.received.filter(({ notice }) => notice === id);
    expect(request?.signature).toBe(webhookSignature(secret, request?.timestamp ?? "", request?.body ?? ""));
    expect(Math.abs(Number(request?.timestamp) - Date.now() / 1_000)).toBeLessThan(30);
    expect(JSON.parse(request?.body ?? "{}")).toMatchObject({
      kind: "mandate.notice/1",
      id: request?.key,
      notice: { rule: "task-ends", urgency: "urgent", command: `mandate task complete ${task}` },
    });

    await until("the mail arrives", () => mail.mails.some(({ body }) => body.includes(`task complete ${task}`)));
    const letter = mail.mails.find(({ body }) => body.includes(`task complete ${task}`));
    expect(letter?.to).toEqual(["anna@example.org"]);
    expect(letter?.headers.get("subject")).toContain(`[urgent] Task ${task} ends at`);
    expect(letter?.headers.get("auto-submitted")).toBe("auto-generated");
    expect(letter?.headers.get("message-id")).toMatch(/^<[0-9a-f]{64}@example\.org>$/);

    const feedUrl = `${notify.url}/v1/feeds/desk`;
    expect((await fetch(feedUrl)).status).toBe(401);
    expect((await fetch(`${feedUrl}?token=wrong`)).status).toBe(401);
    expect((await fetch(`${notify.url}/v1/feeds/mail?token=${encodeURIComponent(token)}`)).status).toBe(401);
    const answer = await fetch(feedUrl, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.headers.get("content-type")).toBe("application/feed+json");
    const feed = (await answer.json()) as { version: string; items: { _mandate: { id: string } }[] };
    expect(feed.version).toBe("https://jsonfeed.org/version/1.1");
    expect(feed.items.map((each) => each._mandate.id)).toContain(id);

    const metrics = await (await fetch(`${notify.url}/metrics`)).text();
    expect(metrics).toMatch(/mandate_notify_deliveries\{channel="hook",status="sent"\} [1-9]/);
    expect((await fetch(`${notify.url}/healthz`)).status).toBe(200);
  });

  it("given receivers that are dead, silent, broken or redirect, the others hear at once, and these when they recover", async () => {
    const good = owned(await HookReceiver.start());
    const [quiet, broken, sly] = await Promise.all([HookReceiver.start(), HookReceiver.start(), HookReceiver.start()]);
    for (const each of [quiet, broken, sly]) owned(each);
    quiet.behaviour = "silent";
    broken.behaviour = { status: 500 };
    sly.behaviour = { status: 302, location: good.url.replace("/hook", "/elsewhere") };
    const deadPort = await freePort();
    const mail = owned(await MailServer.start());
    mail.verdict = "451 later";
    const prefix = await proposedAnchor("seatOne");
    const notify = await running(
      configured({
        dead: hook(`http://127.0.0.1:${deadPort}/hook`),
        silent: hook(quiet.url),
        broken: hook(broken.url),
        sly: hook(sly.url),
        mail: {
          kind: "smtp",
          host: "127.0.0.1",
          port: mail.port,
          security: "none",
          from: "mandate@example.org",
          to: "anna@example.org",
          timeoutMs: 2_000,
        },
        good: hook(good.url),
      }),
    );
    await waitFor(good, prefix);
    await until("every bad receiver failed twice", async () => {
      const metrics = await (await fetch(`${notify.url}/metrics`)).text();
      return ["dead", "silent", "broken", "sly", "mail"].every((name) =>
        new RegExp(`attempts_total\\{channel="${name}",result="failed"\\} ([2-9]|\\d\\d)`).test(metrics),
      );
    });
    const before = await statusOf(notify.url);
    const channel = (status: NotifyStatus, name: string) => status.channels.find((each) => each.name === name);
    for (const name of ["dead", "silent", "broken", "sly", "mail"]) {
      expect(channel(before, name), name).toMatchObject({ sent: 0, expired: 0, withdrawn: 0 });
      expect(channel(before, name)?.queued, name).toBe(before.waiting);
    }
    expect(channel(before, "good")).toMatchObject({ queued: 0, sent: before.waiting });
    expect(channel(before, "dead")?.lastError).toContain("ECONNREFUSED");
    expect(channel(before, "silent")?.lastError).toContain("no answer within 400 ms");
    expect(channel(before, "broken")?.lastError).toBe("status 500");
    expect(channel(before, "sly")?.lastError).toBe("status 302, and redirects are not followed");
    expect(channel(before, "mail")?.lastError).toContain("451");
    expect(good.received.filter(({ path }) => path !== "/hook")).toEqual([]);

    quiet.behaviour = broken.behaviour = sly.behaviour = { status: 200 };
    mail.verdict = "250 taken";
    const risen = owned(await HookReceiver.start(deadPort));
    await until("everybody has everything", async () => {
      const status = await statusOf(notify.url);
      return status.channels.every(({ queued, sent }) => queued === 0 && sent === status.waiting);
    });
    for (const receiver of [risen, quiet, broken, sly]) expect(receiver.ids()).toEqual(good.ids());
    expect(mail.mails.length).toBeGreaterThanOrEqual(good.ids().size);
  });

  it("given a process killed after the receiver took a notice, the next one sends it again with the same key, and goes on", async () => {
    const receiver = owned(await HookReceiver.start());
    receiver.behaviour = "silent";
    const prefix = await proposedAnchor("seatTwo");
    const path = configured({ hook: { ...hook(receiver.url), timeoutMs: 60_000 } });
    const start = (): Promise<RunningService> =>
      startService({
        title: "notify",
        args: ["notify", "run", "--config", path],
        logFile: join(directory, "notify.log"),
        env: environment,
      });
    const first = await start();
    await until("a notice is at the receiver", () => receiver.received.length > 0);
    await first.kill();
    const taken = receiver.received[0];

    receiver.behaviour = { status: 204 };
    const second = owned(await start());
    await waitFor(receiver, prefix);
    await until("nothing is queued", async () => {
      const status = await statusOf((second.ready as unknown as { url: string }).url);
      return status.waiting > 0 && status.channels[0]?.queued === 0 && status.channels[0].sent === status.waiting;
    });
    const again = receiver.received.filter(({ notice }) => notice === taken?.notice);
    expect(again.length).toBe(2);
    expect(again[1]?.key).toBe(taken?.key);
    expect(again[1]?.key).toMatch(/^[0-9a-f]{64}$/);

    // A clean end and a third start: what was acknowledged is not sent again.
    await second.stop();
    const count = receiver.received.length;
    const round = await once(path);
    expect(round.complete).toBe(true);
    expect(receiver.received.length).toBe(count);
  });

  it("given a second process on the same outbox, it is refused: everything would be sent twice", async () => {
    const path = configured({ log: { kind: "file", path: "log/notices.jsonl" } });
    await running(path);
    await expect(running(path)).rejects.toMatchObject({ code: "DatabaseInUse", kind: "environment" });
  });

  it("given a cause that a reorg or its end removes, what was not sent is withdrawn, and queued again when it is back", async () => {
    const receiver = owned(await HookReceiver.start());
    receiver.behaviour = { status: 503 };
    const notify = await running(configured({ hook: hook(receiver.url) }));
    await until("it has looked", async () => (await statusOf(notify.url)).waiting > 0);
    const calm = await statusOf(notify.url);

    const { system } = story;
    const snapshot = await system.rpc("evm_snapshot");
    const prefix = await proposedAnchor("seatThree");
    await until("the proposal is queued", async () => {
      return (await statusOf(notify.url)).channels[0]?.queued === calm.waiting + 1;
    });
    await system.rpc("evm_revert", snapshot);
    await system.rpc("evm_mine");
    await system.rpc("evm_mine");
    await until("it is withdrawn", async () => (await statusOf(notify.url)).channels[0]?.withdrawn === 1);
    expect((await statusOf(notify.url)).waiting).toBe(calm.waiting);
    receiver.behaviour = { status: 204 };
    await until("the rest is sent", async () => (await statusOf(notify.url)).channels[0]?.queued === 0);
    expect([...receiver.ids()].filter((id) => id.startsWith(prefix)).length).toBeLessThanOrEqual(1);
    const acknowledged = (await statusOf(notify.url)).channels[0]?.sent;
    expect(acknowledged).toBe(calm.waiting);

    await proposedAnchor("seatThree");
    await until("it is sent once it is true", async () => {
      return (await statusOf(notify.url)).channels[0]?.sent === calm.waiting + 1;
    });
  });

  it("given what nobody subscribed to, it says so and counts it; given a channel for it, that one gets it", async () => {
    await proposedAnchor("seatThree").catch(() => undefined); // proposed already where the test before ran
    const alone = await once(configured({}));
    expect(alone.complete).toBe(false);
    expect(alone.status.unrouted.length).toBe(alone.status.waiting);

    const receiver = owned(await HookReceiver.start());
    const anchor = devAccount("anchor").address;
    const other = owned(await HookReceiver.start());
    const path = configured(
      { hook: hook(receiver.url), rest: hook(other.url) },
      { subscriptions: [{ to: { anchor }, channels: ["hook"] }], unrouted: ["rest"], database: "state/second.sqlite" },
    );
    const round = await once(path);
    expect(round.complete).toBe(true);
    expect(receiver.ids().size + other.ids().size).toBe(round.status.waiting);
    expect([...receiver.ids()].some((id) => other.ids().has(id))).toBe(false);
    expect([...other.ids()].some((id) => id.startsWith("anchor-acceptance/"))).toBe(true);
  });

  it("given a payment that failed and a plan that nobody signed, payee and anchor hear of each", async () => {
    const { system } = story;
    const payee = await system.deploy("mocks/ERC1271WalletMock.sol", "ERC1271WalletMock", [
      devAccount("payeeTwo").address,
    ]);
    const project = await story.project({ name: "payeeTwo", wallet: payee }, [await story.milestone({ amount: 7n })], {
      asset: coin,
    });
    await story.quietReport(); // while the oracle is stale, payments wait for a co-signature
    await story.release(project, 0, [0, 1]);
    const plan = { ...project.plan, payee: devAccount("payeeOne").address, salt: keccak256(stringToHex(`s${cases}`)) };
    await system.send("finance", "BudgetVault", "openProject", [plan]);

    const receiver = owned(await HookReceiver.start());
    await once(configured({ hook: hook(receiver.url) }));
    const notices = receiver.received.map(
      ({ body }) => (JSON.parse(body) as { notice: Record<string, unknown> }).notice,
    );
    const claim = notices.find(({ rule }) => rule === "claim-waits");
    expect(claim).toMatchObject({ addresses: [payee.toLowerCase()], dueAt: null });
    expect(claim?.["text"]).toContain("7 base units");
    const waiting = notices.filter(({ rule }) => rule === "plan-acceptance");
    expect(waiting.map(({ addresses }) => addresses)).toEqual(
      expect.arrayContaining([
        [devAccount("payeeOne").address.toLowerCase()],
        [devAccount("anchor").address.toLowerCase()],
      ]),
    );
    expect(waiting.every(({ dueAt }) => dueAt === plan.acceptBy)).toBe(true);
  });

  it("given an escalation, a lowered tier and a kernel change, whoever must act hears, and hears no more when it is decided", async () => {
    const { system } = story;
    const [agent, vault] = [devAccount("agent").address, system.address("BudgetVault")];
    const now = await system.now();
    await system.send("anchor", "Authority", "openTask", [storyTeam, keccak256(stringToHex("beyond")), now + 3_600]);
    const anchor = devAccount("anchor").address;
    const task = Math.max(...((await system.read("Authority", "openTasksOf", [anchor])) as number[]).map(Number));
    const beyond = [story.pool, story.token, agent, 10n ** 24n] as const; // far above what the team may move
    const call = encodeFunctionData({ abi: budgetVaultAbi, functionName: "withdraw", args: beyond });
    const selector = call.slice(0, 10);
    const request = {
      task,
      grantee: agent,
      target: vault,
      selector,
      notBefore: now,
      notAfter: now + 600,
      uses: 0,
      cap: 0,
    };
    await system.send("granter", "Authority", "grant", [request]);
    await system.send("agent", "Escalations", "open", [vault, call, zeroHash, zeroHash]);
    const operation = (await system.read("Authority", "hashOperation", [agent, vault, call])) as Hex;
    const parameter = keccak256(stringToHex("cone.minReversibility"));
    await system.send("governor", "Constitution", "proposeChange", [parameter, 60n, zeroHash]);

    const place = stringToHex("G1.U1.P6", { size: 32 });
    const milestone = await story.milestone({ challengeWindow: 1_000 });
    const doubtful = await story.project({ name: "payeeOne" }, [milestone], { team: place });
    await story.release(doubtful, 0, [0, 1]);
    await system.send("anchor", "BudgetVault", "overturn", [doubtful.id, 0, `0x${"01".repeat(32)}`]);

    const receiver = owned(await HookReceiver.start());
    const path = configured({ hook: hook(receiver.url) });
    const noticeOf = (rule: string): Record<string, unknown> | undefined =>
      receiver.received
        .map(({ body }) => (JSON.parse(body) as { notice: Record<string, unknown> }).notice)
        .findLast((each) => each["rule"] === rule);
    await once(path);
    expect(noticeOf("escalation-turn")).toMatchObject({
      urgency: "urgent",
      addresses: [anchor.toLowerCase()],
      teams: [storyTeam, rootTeam],
      command: `mandate escalation approve ${operation} --reason '<why>'`,
    });
    const resolvers = (await system.read("Escalations", "resolversOf", [operation])) as { opensAt: number }[];
    expect(noticeOf("escalation-turn")?.["since"]).toBe(Number(resolvers[0]?.opensAt));
    const told = receiver.received.map(({ body }) => (JSON.parse(body) as { notice: Record<string, unknown> }).notice);
    expect(told.filter(({ rule }) => rule === "happened").map(({ title, teams }) => [title, teams])).toEqual([
      ["Milestone 0 of a project was overturned", []],
      [`Team ${storyTeam} fell to tier 0`, [storyTeam]],
    ]);
    expect(noticeOf("consent-waits")?.["command"]).toContain("mandate policy consent cone.minReversibility --team ");

    await system.send("anchor", "Escalations", "approve", [operation, 0n, zeroHash]);
    await system.send("anchor", "Constitution", "consent", [parameter, rootTeam]);
    receiver.received.length = 0;
    const { status } = await once(path);
    expect(noticeOf("escalation-approved")).toMatchObject({ addresses: [agent.toLowerCase()] });
    expect(noticeOf("consent-waits")).toBeUndefined();
    expect(status.channels[0]).toMatchObject({ queued: 0, expired: 0 });
  });

  it("given a trip, guardians and anchors hear how to reset it, and that it was reset", async () => {
    const receiver = owned(await HookReceiver.start());
    const { system, token: asset } = story;
    await system.send("finance", "CircuitBreaker", "trip", [asset, keccak256(stringToHex("something is wrong"))]);
    await running(configured({ hook: hook(receiver.url) }));
    const [id] = await waitFor(receiver, `tripped/${asset.toLowerCase()}/`);
    const told = receiver.received.find(({ notice }) => notice === id);
    const people = ["finance", "anchor"] as const;
    expect(JSON.parse(told?.body ?? "{}")).toMatchObject({
      notice: {
        rule: "trips",
        urgency: "urgent",
        addresses: people.map((name) => devAccount(name).address.toLowerCase()).sort(),
        command: `mandate breaker approve-reset ${asset.toLowerCase()}`,
      },
    });
    const operation = await system.read("CircuitBreaker", "resetOperation", [asset]);
    await system.send("anchor", "Anchors", "approve", [operation]);
    await system.send("relayer", "CircuitBreaker", "reset", [asset]);
    await waitFor(receiver, "happened/AssetReset/");
  });

  it("tests channels past the outbox, and says nothing of their secrets", async () => {
    const receiver = owned(await HookReceiver.start());
    mkdirSync(join(directory, "keys"));
    writeFileSync(
      join(directory, "keys", "url"),
      `http://127.0.0.1:${await freePort()}/${secret.replaceAll(" ", "-")}`,
    );
    const path = configured({
      good: hook(receiver.url),
      bad: { ...hook(receiver.url), url: { file: "keys/url" } },
      log: { kind: "file", path: "log/notices.jsonl" },
    });
    const results = await testChannels({
      configuration: loadNotifyConfiguration(path),
      environment,
      clock: systemClock,
    });
    expect(results.map(({ channel, acknowledged }) => [channel, acknowledged])).toEqual([
      ["good", true],
      ["bad", false],
      ["log", true],
    ]);
    expect(JSON.stringify(results)).not.toContain(secret.replaceAll(" ", "-"));
  });
});

async function once(path: string): Promise<Awaited<ReturnType<typeof notifyOnce>>> {
  const configuration = loadNotifyConfiguration(path);
  return notifyOnce({ configuration, environment, logger: silent, clock: systemClock, waitMs: 15_000 });
}

/** Ids of notices that begin with `prefix`, once there is one. */
async function waitFor(receiver: HookReceiver, prefix: string): Promise<ReadonlySet<string>> {
  const found = (): string[] => [...receiver.ids()].filter((id) => id.startsWith(prefix));
  await until(`a notice ${prefix}… arrives`, () => found().length > 0);
  return new Set(found());
}
