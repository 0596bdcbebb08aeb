/** OpenZeppelin's AccessManager as its authors compiled it: what Authority is compared with. */
import { createRequire } from "node:module";

import { ContractFactory, type InterfaceAbi, type Signer } from "ethers";

const artifact = createRequire(import.meta.url)("@openzeppelin/contracts/build/contracts/AccessManager.json") as {
  abi: InterfaceAbi;
  bytecode: string;
};

/** Deploys it from `deployer`, with `admin` as its first admin; returns its address. */
export async function deployOpenZeppelinManager(deployer: Signer, admin: string): Promise<string> {
  const deployed = await new ContractFactory(artifact.abi, artifact.bytecode, deployer).deploy(admin);
  await deployed.waitForDeployment();
  return deployed.getAddress();
}
