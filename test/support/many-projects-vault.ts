/** A vault that has as many projects as a test wants: what `getProject` answers stands in the project's id. */
import {
  concat,
  encodeAbiParameters,
  encodeEventTopics,
  getAbiItem,
  numberToHex,
  pad,
  zeroAddress,
  zeroHash,
} from "viem";
import { iBudgetVaultAbi } from "../../src/chain/abi.ts";
import type { Hex } from "../../src/core/hex.ts";

/** `oracle` is exclusive-ored with the id's last but one byte, `status` is the last one, and the definition is the id. */
export function vaultCode(oracle: Hex): Hex {
  return concat([
    "0x3660241460", // with 0x24 bytes of input
    numberToHex(GET_AT),
    "0x57",
    "0x602035600035", // else it emits a log whose topics and data the input has
    "0x7f",
    topic,
    "0x604036038060406000376000a300",
    "0x5b", // getProject
    "0x60043560ff16600052", // status
    "0x60043560081c60ff1673",
    oracle,
    "0x1860c052",
    "0x60043560e052",
    "0x6103206000f3",
  ]);
}

const [topic] = encodeEventTopics({ abi: iBudgetVaultAbi, eventName: "ProjectOpened" });
const GET_AT = 7 + 6 + 33 + 14;

/** An id that the vault answers so; ids of different numbers differ in their first bytes. */
export function projectId(number: number, { status = 2, foreign = 0 }: { status?: number; foreign?: number }): Hex {
  const spread = (Math.imul(number + 1, 0x9e37_79b1) >>> 0).toString(16).padStart(8, "0");
  return concat([
    `0x${spread}`,
    pad(numberToHex(number), { size: 26 }),
    numberToHex(foreign, { size: 1 }),
    numberToHex(status, { size: 1 }),
  ]);
}

/** Input with which the vault says that a project was opened. */
export function openingOf(project: Hex): Hex {
  const { inputs } = getAbiItem({ abi: iBudgetVaultAbi, name: "ProjectOpened" });
  const plan = {
    ...{ version: 1, project, pool: zeroHash, reclaimTo: zeroHash, asset: zeroAddress, payee: zeroAddress },
    ...{ opener: zeroAddress, anchor: zeroAddress, team: zeroHash, oracle: zeroAddress, scoreDefinition: zeroHash },
    ...{
      leaseReports: 1,
      initialReports: 1,
      maxMissing: 1,
      renewalWindow: 1,
      acceptBy: 1,
      salt: zeroHash,
      milestones: [],
    },
  };
  const [, , planInput, cause, anchor] = inputs;
  return concat([project, zeroHash, encodeAbiParameters([planInput, cause, anchor], [plan, zeroHash, zeroAddress])]);
}
