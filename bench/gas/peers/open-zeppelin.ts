/** OpenZeppelin's contracts as its npm package ships them, compiled by OpenZeppelin. */
import { readFile } from "node:fs/promises";
import { ContractFactory, Interface, ZeroHash, type Contract, type Signer } from "ethers";
import { gasOf } from "../measurement.ts";
import type { Payments } from "./payments.ts";

export async function deployOpenZeppelin(
  name: "AccessManager" | "TimelockController" | "VestingWallet",
  deployer: Signer,
  args: readonly unknown[],
): Promise<Contract> {
  const file = new URL(import.meta.resolve(`@openzeppelin/contracts/build/contracts/${name}.json`));
  const { abi, bytecode } = JSON.parse(await readFile(file, "utf8")) as { abi: never[]; bytecode: string };
  const deployed = await new ContractFactory(new Interface(abi), bytecode, deployer).deploy(...args);
  return (await deployed.waitForDeployment()) as Contract;
}

/** A stream to one payee, with no condition but time: what it pays when asked the second time. */
export async function vestingWalletPayment({ token, office, payee, now }: Payments): Promise<number> {
  const wallet = await deployOpenZeppelin("VestingWallet", office, [payee.address, now, 1_000_000]);
  await token.transfer(wallet, 1_000_000_000n);
  const release = wallet.getFunction("release(address)");
  await gasOf(release.send(token.target));
  return await gasOf(release.send(token.target));
}

/** A transfer that one proposer schedules and anyone executes: both transactions of the second one. */
export async function timelockPayment({ token, office, payee }: Payments): Promise<number> {
  const noDelay = 0;
  const anyone = "0x0000000000000000000000000000000000000000";
  const timelock = await deployOpenZeppelin("TimelockController", office, [
    noDelay,
    [office.address],
    [anyone],
    anyone,
  ]);
  await token.transfer(timelock, 1_000_000n);
  const pay = token.interface.encodeFunctionData("transfer", [payee.address, 1n]);
  const sendAndPay = async (salt: string): Promise<number> => {
    const operation = [token.target, 0, pay, ZeroHash, salt];
    const scheduled = await gasOf(timelock.getFunction("schedule").send(...operation, noDelay));
    return scheduled + (await gasOf(timelock.getFunction("execute").send(...operation)));
  };
  await sendAndPay(`0x${"01".repeat(32)}`);
  return await sendAndPay(`0x${"02".repeat(32)}`);
}
