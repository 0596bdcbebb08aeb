import { readFileSync } from "node:fs";

import { expect } from "chai";
import hre from "hardhat";

interface WebAuthnVectors {
  cases: { name: string; key: string; digest: string; signature: string; valid: boolean }[];
}

const file = new URL("../../vectors/webauthn.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as WebAuthnVectors;

const yes = "0x024ad318";
const no = "0xffffffff";

describe("OpenZeppelin's WebAuthn verifier and the vectors of passkeys", () => {
  for (const { name, key, digest, signature, valid } of vectors.cases) {
    it(`given ${name}, valid is ${valid}`, async () => {
      const { ethers } = await hre.network.create();
      const verifier = await ethers.deployContract("ERC7913WebAuthnVerifier");
      expect(await verifier.verify(key, digest, signature)).to.equal(valid ? yes : no);
    });
  }
});
