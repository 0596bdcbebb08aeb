import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { documentHash } from "../../core/documents/document-hash.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { describeFinding } from "../../org/teams/finding.ts";
import { foundingCalls } from "../../org/teams/founding-calls.ts";
import { loadOrganization } from "../../org/teams/load-organization.ts";
import { organizationFile } from "../../org/teams/organization-file.ts";
import type { Organization } from "../../org/teams/organization.ts";
import { tenTeamOffice } from "../../org/teams/ten-team-office.ts";
import { addActOptions } from "../chain/act.ts";
import { previewOf } from "../chain/preview.ts";
import { send, simulate } from "../../sdk/send.ts";
import type { Session } from "../../sdk/session.ts";
import { sessionOf } from "../chain/session-options.ts";
import { addressOrName, signerOf } from "../chain/signer.ts";
import { documentsOf } from "../documents/document-store.ts";
import { outputOf } from "../output.ts";
import { scopeNames } from "../state/teams.ts";
import { addressBookOf } from "../values/address-book.ts";
import { stepsFrom, type LoadStep } from "../state/load-steps.ts";

/** `sales=anchor` or `*=anchor`, which is every team that is not named; for option parsing of a list. */
function anchorOf(text: string, before: Readonly<Record<string, Hex>> = {}): Record<string, Hex> {
  const [team, account, ...rest] = text.split("=");
  if (team === undefined || team === "" || account === undefined || rest.length > 0)
    throw new InvalidArgumentError("not a team and its anchor, such as sales=0x… or '*=anchor'");
  return { ...before, [team]: addressOrName(account) };
}

function fileContent(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new MandateError("OrganizationUnreadable", `${path} is no readable JSON file`, {
      kind: "input",
      data: { path },
      cause,
    });
  }
}

/** @throws {MandateError} `OrganizationUnreadable`, or `OrganizationRefused` with everything that is wrong with it. */
function organizationIn(path: string): Organization {
  const loaded = loadOrganization(fileContent(path));
  if (loaded.loaded) return loaded.organization;
  const said = loaded.findings.map((finding) => `  ${describeFinding(finding)}`);
  throw new MandateError("OrganizationRefused", `${path} describes no organization that could be founded`, {
    kind: "input",
    data: { path, findings: loaded.findings.length },
    remedy: said.join("\n"),
  });
}

interface LoadOptions {
  readonly anchor: Readonly<Record<string, Hex>>;
  readonly as: string;
  readonly dryRun?: boolean;
}

/** @throws {MandateError} `AnchorsMissing`, `TargetUnknown`. */
async function planOf(
  session: Session,
  organization: Organization,
  anchors: LoadOptions["anchor"],
): Promise<LoadStep[]> {
  const everybody = anchors["*"];
  const named = Object.fromEntries(
    organization.teams.flatMap(({ id }) => {
      const anchor = anchors[id] ?? everybody;
      return anchor === undefined ? [] : [[id, anchor] as const];
    }),
  );
  const targets = Object.entries(session.deployment.contracts).filter(
    (each): each is [string, Hex] => each[1] !== undefined,
  );
  const plan = foundingCalls({
    organization,
    anchors: named,
    targets: Object.fromEntries(targets),
    knownScopes: await scopeNames(session),
    reason: documentHash(organizationFile(organization)),
  });
  if (plan.planned) return stepsFrom(session, plan);
  const missing = plan.missing.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  throw new MandateError("OrganizationIncomplete", `the organization needs what is not named: ${missing}`, {
    kind: "input",
    data: { missing },
    remedy:
      "Name anchors with --anchor sales=<account> or --anchor '*=<account>'; targets are contracts of the deployment.",
  });
}

/** `mandate team load` */
export function teamLoadCommand(): Command {
  const base = new Command("load").argument("<file>", "organization as JSON: mandate team defaults prints one");
  const command = addActOptions(base, "governor")
    .description("bring actions, capabilities and teams on chain as a file describes them; what is there is left alone")
    .option("--anchor <team=account...>", "who answers for a team, by its id; '*=account' for all others", anchorOf);
  return command.action(async (path: string, options: Partial<LoadOptions> & { as: string }) => {
    const output = outputOf(command);
    const organization = organizationIn(path);
    const session = await sessionOf(command);
    const account = signerOf(options.as, session.deployment.chainId);
    const steps = await planOf(session, organization, options.anchor ?? {});
    const book = addressBookOf(session);
    const words = steps.map(({ text }, index) => `${index + 1}. ${text}`);
    if (steps.length === 0) {
      output.result({ steps: [], sent: 0 }, "Everything is on chain as the file describes it. There is nothing to do.");
      return;
    }
    output.note(`${steps.length} calls, as ${book.full(account.address)}:\n${words.join("\n")}`);
    const [first] = steps;
    if (options.dryRun === true) {
      // Only the first can be simulated now: the others rest on what comes before them.
      if (first !== undefined) await simulate(session, account, first.call);
      output.result(
        { steps: steps.map(({ text }) => text), sent: 0 },
        "The first would succeed now. Nothing was sent.",
      );
      return;
    }
    documentsOf(command).put(organizationFile(organization));
    const transactions: Hex[] = [];
    for (const { call, text } of steps) {
      output.note(`${text}\n${previewOf(call, account.address, book)}`);
      transactions.push((await send(session, account, call)).transaction);
    }
    const done = `${organization.name} is on chain: ${steps.length} calls made.`;
    output.result({ steps: steps.map(({ text }) => text), sent: transactions.length, transactions }, done);
  });
}

/** `mandate team defaults` */
export function teamDefaultsCommand(): Command {
  const command = new Command("defaults").description("print the ten-team office as a file to start from");
  return command.action(() => {
    const file = organizationFile(tenTeamOffice);
    outputOf(command).result(file, JSON.stringify(file, null, 2));
  });
}
