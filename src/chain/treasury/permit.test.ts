import { recoverTypedDataAddress, serializeSignature } from "viem";
import { describe, expect, it } from "vitest";
import { devAccount } from "../dev-accounts.ts";
import { signPermit } from "./permit.ts";

describe("signPermit", () => {
  it("signs the owner's permit of ERC-2612, in the parts that a token takes", async () => {
    const owner = devAccount("finance");
    const spender = devAccount("payeeOne").address;
    const domain = { name: "Token", version: "1", chainId: 31337, verifyingContract: devAccount("anchor").address };
    const permit = { spender, value: 12n, deadline: 1_800_000_000n };
    const { deadline, v, r, s } = await signPermit(owner, { domain, nonce: 3n }, permit);
    expect(deadline).toBe(permit.deadline);
    expect([27, 28]).toContain(v);
    const signer = await recoverTypedDataAddress({
      domain,
      types: {
        Permit: [
          { name: "owner", type: "address" },
          { name: "spender", type: "address" },
          { name: "value", type: "uint256" },
          { name: "nonce", type: "uint256" },
          { name: "deadline", type: "uint256" },
        ],
      },
      primaryType: "Permit",
      message: { owner: owner.address, ...permit, nonce: 3n },
      signature: serializeSignature({ r, s, yParity: v - 27 }),
    });
    expect(signer).toBe(owner.address);
  });
});
