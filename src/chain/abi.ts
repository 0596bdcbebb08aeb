/** ABIs of the contracts, generated from their artifacts (`npm run compile`). */
export * from "../../generated/abi/index.ts";
