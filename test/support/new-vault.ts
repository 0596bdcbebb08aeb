/** A new budget vault with its linked library and the offices that run its cold paths. */
import type { AddressLike } from "ethers";
import type { network } from "hardhat";

type Ethers = Awaited<ReturnType<typeof network.create>>["ethers"];

/** Largest rise of a score that these vaults store at once. */
export const maxRise = 3n * 10n ** 17n;

/** @param teams The contract that learns of overturned proofs, or the zero address. */
export async function newVault(
  ethers: Ethers,
  authority: AddressLike,
  teams: AddressLike,
  calendar: AddressLike = ethers.ZeroAddress,
) {
  const libraries = { Opening: await ethers.deployContract("Opening") };
  const office = await ethers.deployContract("BudgetOffice", [authority, calendar], { libraries });
  const paymentOffice = await ethers.deployContract("PaymentOffice", [authority], { libraries });
  return ethers.deployContract("BudgetVault", [authority, teams, office, paymentOffice, maxRise], { libraries });
}
