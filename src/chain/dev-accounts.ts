import { mnemonicToAccount, type HDAccount } from "viem/accounts";

/**
 * The public test mnemonic that every development chain funds. Its keys are known to everybody:
 * for embedded and test chains only, never for value.
 */
export const publicTestMnemonic = "test test test test test test test test test test test junk";

/** Who holds which account of the public test mnemonic, by address index. */
export const devAccountIndex = {
  deployer: 0,
  finance: 1,
  anchor: 2,
  payeeOne: 3,
  payeeTwo: 4,
  agent: 5,
  granter: 6,
  relayer: 7,
  seatOne: 8,
  seatTwo: 9,
  seatThree: 10,
  stewardOne: 11,
  stewardTwo: 12,
  governor: 13,
  attestorOwner: 14,
  attestorOne: 15,
  attestorTwo: 16,
  attestorThree: 17,
  strategyAnchor: 18,
  legalAnchor: 19,
  operatorOne: 20,
  operatorTwo: 21,
  operatorThree: 22,
  operatorFour: 23,
} as const;

export type DevAccountName = keyof typeof devAccountIndex;

/** Number of accounts that a development chain must fund so that every named one has gas. */
export const devAccountCount = 30;

/** A development account by name. Its key is public. */
export function devAccount(name: DevAccountName): HDAccount {
  return mnemonicToAccount(publicTestMnemonic, { addressIndex: devAccountIndex[name] });
}
