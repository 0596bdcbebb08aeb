/** The real Safe, from the artifacts of its npm package, behind its proxy as its own tools deploy it. */
import { readFile } from "node:fs/promises";
import { concat, Contract, ContractFactory, Interface, ZeroAddress, type BaseWallet, type Signer } from "ethers";

interface Artifact {
  readonly abi: readonly Record<string, unknown>[];
  readonly bytecode: string;
}

async function artifactOf(path: string): Promise<Artifact> {
  const file = new URL(import.meta.resolve(`@safe-global/safe-smart-account/build/artifacts/contracts/${path}.json`));
  return JSON.parse(await readFile(file, "utf8")) as Artifact; // the package's own output
}

async function deploy(path: string, deployer: Signer): Promise<Contract> {
  const { abi, bytecode } = await artifactOf(path);
  const contract = await new ContractFactory(new Interface(abi), bytecode, deployer).deploy();
  return (await contract.waitForDeployment()) as Contract;
}

/** Singleton, factory and fallback handler, which all Safes of a chain share. */
export async function deploySafes(deployer: Signer) {
  const singleton = await deploy("Safe.sol/Safe", deployer);
  const factory = await deploy("proxies/SafeProxyFactory.sol/SafeProxyFactory", deployer);
  const handler = await deploy("handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler", deployer);
  let salt = 0n;

  /** A Safe of `owners`, of whom `threshold` have to sign. @param handled Whether it answers ERC-1271. */
  async function create(owners: readonly string[], threshold: number, handled = true): Promise<Contract> {
    const fallback = handled ? handler.target : ZeroAddress;
    const setup = singleton.interface.encodeFunctionData("setup", [
      owners,
      threshold,
      ZeroAddress,
      "0x",
      fallback,
      ZeroAddress,
      0,
      ZeroAddress,
    ]);
    const creation = [singleton.target, setup, (salt += 1n)];
    const method = factory.getFunction("createProxyWithNonce");
    const proxy = String(await method.staticCall(...creation));
    await method(...creation);
    return new Contract(proxy, singleton.interface, deployer);
  }
  return { create };
}

/** Owners in the order that a Safe wants their signatures in. */
export const inOwnerOrder = (owners: readonly BaseWallet[]): BaseWallet[] =>
  owners.toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));

/** What `execTransaction` takes for a call of `data` at `to`, signed by `owners` for the Safe's next nonce. */
export async function safeCall(safe: Contract, owners: readonly BaseWallet[], to: string, data: string) {
  const call = [to, 0, data, 0, 0, 0, 0, ZeroAddress, ZeroAddress];
  const hash = String(await safe.getFunction("getTransactionHash")(...call, await safe.getFunction("nonce")()));
  const signatures = inOwnerOrder(owners).map((owner) => owner.signingKey.sign(hash).serialized);
  return [...call, concat(signatures)];
}
