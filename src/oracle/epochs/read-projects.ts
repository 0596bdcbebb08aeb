import { concat, getAbiItem, toFunctionSelector } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import type { ChainClient } from "../../chain/client.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";

/** Projects in one call: their states stay below the 24,576 bytes that a deployment may return (EIP-170). */
export const PROJECTS_A_CALL = 250;

/** What of a project decides whether and how it is scored; words in lower case. */
export interface ProjectState {
  readonly status: number;
  readonly oracle: Hex;
  readonly definition: Hex;
}

const WORD_DIGITS = 64;
const STATE_DIGITS = 3 * WORD_DIGITS;

/**
 * A deployment that deploys nothing: behind it stand a vault and ids of projects, each a word. It asks the vault for each project and
 * returns three words of each answer: status, oracle and score definition, the 1st, 7th and 8th of `IBudgetLedger.Project`. So
 * one `eth_call` without `to` reads many projects, on any chain, with nothing deployed there.
 *
 * Where the vault fails, or answers with less than these words, it reverts: no project may be given the answer of the one before.
 */
const READER: readonly Hex[] = [
  `0x63${toFunctionSelector(getAbiItem({ abi: iBudgetVaultAbi, name: "getProject" })).slice(2)}60e01b600052`, // selector at 0x00
  "0x6020606d604039604051", // vault, which stands behind these 0x6d bytes
  "0x610140608d", // where states go, from 0x140, and where ids come from
  "0x5b388110602a57", // 0x1a: to 0x2a while there are ids
  "0x5061014080910390f3", // else returns what was written from 0x140 on
  "0x5b602081600439", // 0x2a: id behind the selector
  "0x61010060406024600086", // 0x24 bytes of input at 0x00, the first 8 words of the answer to 0x40
  "0x5afa60ff3d1116604a57", // static call; to 0x4a where it succeeds with at least as many bytes
  "0x60006000fd", // else reverts
  "0x5b6040518252", // 0x4a: status
  "0x610100518260200152", // oracle
  "0x610120518260400152", // score definition
  "0x60200190606001", // next id, next state
  "0x90601a56",
];

/** States of projects of one vault, after `block`. @throws where the endpoints refuse as many in one call, or do not answer. */
export async function readProjects(
  client: ChainClient,
  vault: Hex,
  projects: readonly Hex[],
  blockHash: Hex,
): Promise<readonly ProjectState[]> {
  const [only] = projects;
  if (only === undefined) return [];
  if (projects.length === 1) return [await readProject(client, vault, only, blockHash)];
  const word: Hex = `0x${vault.slice(2).padStart(WORD_DIGITS, "0")}`;
  const { data = "0x" } = await client.call({ data: concat([...READER, word, ...projects]), blockHash });
  if (data.length !== 2 + projects.length * STATE_DIGITS) {
    throw new MandateError(
      "ProjectsUnreadable",
      `${projects.length} projects were answered with ${data.length} digits`,
      {
        kind: "environment",
        data: { vault, projects: projects.length },
        remedy: "Name endpoints that take eth_call without `to`; fewer projects are read at once until then.",
      },
    );
  }
  return projects.map((_, index) => stateIn(data, 2 + index * STATE_DIGITS));
}

/** As the vault's own function answers it, which every endpoint can be asked. */
async function readProject(client: ChainClient, vault: Hex, project: Hex, blockHash: Hex): Promise<ProjectState> {
  const { status, oracle, scoreDefinition } = await client.readContract({
    address: vault,
    abi: iBudgetVaultAbi,
    functionName: "getProject",
    args: [project],
    blockHash,
  });
  return { status, oracle: lowerCase(oracle), definition: lowerCase(scoreDefinition) };
}

function stateIn(data: Hex, start: number): ProjectState {
  const digits = data.slice(start, start + STATE_DIGITS).toLowerCase();
  return {
    status: Number(`0x${digits.slice(0, WORD_DIGITS)}`),
    oracle: `0x${digits.slice(WORD_DIGITS + 24, 2 * WORD_DIGITS)}`,
    definition: `0x${digits.slice(2 * WORD_DIGITS)}`,
  };
}

function lowerCase(hex: Hex): Hex {
  return `0x${hex.slice(2).toLowerCase()}`;
}
