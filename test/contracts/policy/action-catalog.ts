import { expect } from "chai";
import { AbiCoder, encodeBytes32String, id, keccak256, toUtf8Bytes, ZeroAddress, ZeroHash, zeroPadBytes } from "ethers";
import fc from "fast-check";

import { roles } from "../../../src/chain/roles.ts";
import { actionTarget as target, deployCatalog, ImpactKind, registrationOf } from "../../support/catalog.ts";
import { expectJournalComplete } from "../../support/journal.ts";

const selectorOf = (signature: string) => id(signature).slice(0, 10);
const reason = id("reason");

describe("ActionCatalog", () => {
  let stage: Awaited<ReturnType<typeof deployCatalog>>;
  beforeEach(async () => {
    stage = await deployCatalog();
  });
  // iJO-001
  afterEach(() => expectJournalComplete(stage.provider, stage.catalog));

  const callId = (name: "registerAction" | "retireAction" | "defineCapability", args: unknown[]) =>
    stage.authority.hashOperation(
      stage.office,
      stage.catalog,
      stage.catalog.interface.encodeFunctionData(name as never, args as never),
    );
  const register = (changes: Parameters<typeof registrationOf>[0] = {}) =>
    stage.catalog.connect(stage.office).registerAction(registrationOf({ target, ...changes }), reason);

  describe("given an action, when the structure office registers it", () => {
    it("iPO-020: the authority has the facts in the same transaction, and the catalog their version", async () => {
      const { catalog, authority, office } = stage;
      const registration = registrationOf({ target, inverseTarget: target, inverseSelector: "0x11223344" });
      const selector = selectorOf(registration.signature);
      await expect(catalog.connect(office).registerAction(registration, reason))
        .to.emit(catalog, "ActionRegistered")
        .withArgs(
          target,
          selector,
          1,
          Object.values(registration),
          reason,
          await callId("registerAction", [registration, reason]),
          office,
        )
        .and.to.emit(catalog, "ScopeNamed")
        .withArgs(0, encodeBytes32String("refunds"), await callId("registerAction", [registration, reason]), office);
      const facts = [ImpactKind.AssetAmount, 0n, 90n, 0n, 3n, 1n];
      expect(await authority.actionFacts(target, selector)).to.deep.equal(facts);
      expect(await catalog.actionOf(target, selector)).to.deep.equal([1n, facts, [target, "0x11223344"]]);
      expect(await catalog.scopes()).to.deep.equal([encodeBytes32String("refunds")]);
    });

    it("another registration is a new version", async () => {
      const { catalog } = stage;
      await register({ inverseTarget: target, inverseSelector: "0x11223344" });
      await register({ reversibility: 10, scope: encodeBytes32String("pricing") });
      const [version, facts, inverse] = await catalog.actionOf(target, selectorOf(registrationOf().signature));
      expect([version, facts.reversibility, facts.scope]).to.deep.equal([2n, 10n, 1n]);
      expect(inverse).to.deep.equal([ZeroAddress, "0x00000000"]);
    });

    it("anybody else is refused", async () => {
      const { catalog, outsider, admin } = stage;
      for (const caller of [outsider, admin]) {
        await expect(catalog.connect(caller).registerAction(registrationOf(), reason))
          .to.be.revertedWithCustomError(catalog, "AccessManagedUnauthorized")
          .withArgs(caller);
      }
    });

    it("the values belong to the kind of its impact", async () => {
      const { catalog } = stage;
      const plain = { signature: "run(uint256,address)", amountWord: 0, assetWord: 0, fixedImpact: 0 };
      const refused = [
        { impact: ImpactKind.Unlisted },
        { impact: ImpactKind.None, fixedImpact: 1 },
        { impact: ImpactKind.None, amountWord: 1 },
        { impact: ImpactKind.None, assetWord: 1 },
        { impact: ImpactKind.Fixed, fixedImpact: 0 },
        { impact: ImpactKind.Fixed, fixedImpact: 1, amountWord: 1 },
        { impact: ImpactKind.Amount, assetWord: 1 },
        { impact: ImpactKind.Amount, fixedImpact: 1 },
        { impact: ImpactKind.AssetAmount, assetWord: 1, fixedImpact: 1 },
      ];
      for (const changes of refused) {
        const registration = { ...plain, ...changes };
        await expect(register(registration))
          .to.be.revertedWithCustomError(catalog, "ActionCatalogInvalidImpact")
          .withArgs(registration.impact, registration.fixedImpact, registration.amountWord, registration.assetWord);
      }
      const accepted = [
        { impact: ImpactKind.None },
        { impact: ImpactKind.Fixed, fixedImpact: 1 },
        { impact: ImpactKind.Fixed, fixedImpact: 2n ** 48n - 1n },
        { impact: ImpactKind.Amount },
        { impact: ImpactKind.AssetAmount, assetWord: 1 },
      ];
      for (const changes of accepted) await register({ ...plain, ...changes });
    });

    it("its reversibility is at most 100 percent", async () => {
      await expect(register({ reversibility: 101 }))
        .to.be.revertedWithCustomError(stage.catalog, "ActionCatalogInvalidReversibility")
        .withArgs(101);
      for (const reversibility of [0, 100]) await register({ reversibility });
    });

    it("its inverse has a target and a selector, and is another action", async () => {
      const selector = selectorOf(registrationOf().signature);
      for (const [inverseTarget, inverseSelector] of [
        [target, "0x00000000"],
        [ZeroAddress, "0x11223344"],
        [target, selector],
      ] as const) {
        await expect(register({ inverseTarget, inverseSelector }))
          .to.be.revertedWithCustomError(stage.catalog, "ActionCatalogInvalidInverse")
          .withArgs(inverseTarget, inverseSelector);
      }
      await register({ inverseTarget: stage.catalog.target as string, inverseSelector: selector });
    });

    it("a scope can be named before any action has it; named again, it keeps its number and says nothing", async () => {
      const { catalog } = stage;
      const [first, second] = [encodeBytes32String("pricing"), encodeBytes32String("refunds")];
      await expect(catalog.nameScope(first)).to.emit(catalog, "ScopeNamed");
      await catalog.nameScope(second);
      expect(await catalog.nameScope.staticCall(first)).to.equal(0n);
      await expect(catalog.nameScope(first)).not.to.emit(catalog, "ScopeNamed");
      await register({ scope: second });
      expect(await catalog.scopes()).to.deep.equal([first, second]);
      await expect(catalog.nameScope(ZeroHash))
        .to.be.revertedWithCustomError(catalog, "ActionCatalogInvalidScope")
        .withArgs(ZeroHash);
    });

    it("its scope is printable ASCII, and one of 32 at most", async () => {
      const { catalog } = stage;
      const bytes32 = (text: string) => zeroPadBytes(toUtf8Bytes(text), 32);
      for (const scope of [ZeroHash, " a", "a ", "a\0b", "a\nb", "\x7f", "ä", "\0a"].map((text) =>
        text === ZeroHash ? text : bytes32(text),
      )) {
        await expect(register({ scope }), scope)
          .to.be.revertedWithCustomError(catalog, "ActionCatalogInvalidScope")
          .withArgs(scope);
      }
      const names = ["deal approval", "~", "!", "x".repeat(32), ...Array.from({ length: 28 }, (_, i) => `scope ${i}`)];
      for (const name of names) await register({ scope: bytes32(name) });
      expect(await catalog.scopes()).to.deep.equal(names.map(bytes32));
      await expect(register({ scope: bytes32("one more") }))
        .to.be.revertedWithCustomError(catalog, "ActionCatalogTooManyScopes")
        .withArgs(32);
      await register({ scope: bytes32("scope 27") });
      expect((await catalog.actionOf(target, selectorOf(registrationOf().signature)))[1].scope).to.equal(31n);
    });
  });

  describe("iPO-021: given a word that carries the impact", () => {
    const amount = (signature: string, amountWord: number) =>
      register({ signature, impact: ImpactKind.Amount, amountWord, assetWord: 0 });

    it("it is an unsigned integer of the signature, whatever its size", async () => {
      const head = "address,bool,bytes,string,function,bytes1,bytes32,int8,int256";
      for (const bits of [8, 16, 128, 248, 256]) await amount(`f(${head},uint${bits})`, 9);
      await amount("f(uint256)", 0);
    });

    it("anything else is refused", async () => {
      const refused: [string, number][] = [
        ["f()", 0],
        ["f(uint256)", 1],
        ["f(uint256)", 255],
        ["f(address)", 0],
        ["f(int256)", 0],
        ["f(bytes32)", 0],
        ["f(bytes)", 0],
        ["f(string)", 0],
        ["f(bool)", 0],
        ["f(uint256[])", 0],
        ["f(uint256[2])", 0],
        ["f((uint256))", 0],
        // readable in itself, but behind or before something whose words are not counted
        ["f(uint256,uint8[])", 0],
        ["f((uint256,uint256),uint256)", 1],
        ["f(uint256[3],uint256)", 1],
      ];
      for (const [signature, word] of refused) {
        await expect(amount(signature, word), signature)
          .to.be.revertedWithCustomError(stage.catalog, "ActionCatalogUnreadableArgument")
          .withArgs(signature, word, "uint");
      }
    });

    it("the word of its asset is an address", async () => {
      const asset = (signature: string, assetWord: number) =>
        register({ signature, impact: ImpactKind.AssetAmount, amountWord: 0, assetWord });
      await asset("f(uint256,address)", 1);
      for (const [signature, word] of [
        ["f(uint256,address)", 0],
        ["f(uint256,address)", 2],
        ["f(uint256,bytes20)", 1],
        ["f(uint256,uint160)", 1],
        ["f(uint256,address[])", 1],
      ] as const) {
        const refusal = expect(asset(signature, word), signature).to.be.revertedWithCustomError(
          stage.catalog,
          "ActionCatalogUnreadableArgument",
        );
        // Of a compound argument already the amount is unreadable.
        await refusal.withArgs(
          signature,
          signature.includes("[") ? 0 : word,
          signature.includes("[") ? "uint" : "address",
        );
      }
    });
  });

  describe("given a signature", () => {
    const none = (signature: string) => register({ signature, impact: ImpactKind.None, amountWord: 0, assetWord: 0 });

    it("where no argument is read, tuples and arrays are fine", async () => {
      for (const signature of [
        "f()",
        "_$Aa9(address)",
        "$(bool)",
        "openProject((uint32,(address,bytes)[],string),uint256[2][])",
        "f(((uint8)[1])[99],bytes32)",
      ]) {
        await none(signature);
        expect((await stage.catalog.actionOf(target, selectorOf(signature))).version, signature).to.equal(1n);
      }
    });

    it("what is not canonical is refused", async () => {
      const refused = [
        "",
        "f",
        "f(",
        "f)",
        "()",
        "(uint256)",
        "9f()",
        "f()x",
        "f() ",
        " f()",
        "f()()",
        "f(,)",
        "f(uint256,)",
        "f(,uint256)",
        "f(uint256 ,bool)",
        "f(uint256 amount)",
        "f(uint)",
        "f(int)",
        "f(uint0)",
        "f(uint7)",
        "f(uint08)",
        "f(uint264)",
        "f(uint1000)",
        "f(bytes0)",
        "f(bytes33)",
        "f(bytes032)",
        "f(address payable)",
        "f(address1)",
        "f(bool8)",
        "f(string1)",
        "f(function1)",
        "f(byte)",
        "f(fixed)",
        "f(ufixed128x18)",
        "f(token)",
        "f(IERC20)",
        "f(addresses)",
        "f(uint256[)",
        "f(uint256])",
        "f(uint256[0])",
        "f(uint256[01])",
        "f(uint256[x])",
        "f(uint256[2)",
        "f(())",
        "f((uint256)",
        "f((uint256,))",
        "f((uint256)x)",
        "f(uint256))",
        "f-g(uint256)",
        "ö()",
      ];
      for (const signature of refused) {
        await expect(none(signature), signature)
          .to.be.revertedWithCustomError(stage.catalog, "ActionCatalogInvalidSignature")
          .withArgs(signature);
      }
    });

    it("iPO-021: of random signatures exactly the readable words are accepted", async () => {
      const flat = fc.oneof(
        fc.integer({ min: 1, max: 32 }).map((n) => `uint${8 * n}`),
        fc.integer({ min: 1, max: 32 }).map((n) => `int${8 * n}`),
        fc.integer({ min: 1, max: 32 }).map((n) => `bytes${n}`),
        fc.constantFrom("address", "bool", "bytes", "string"),
      );
      const compound = fc.oneof(
        flat.map((type) => `${type}[]`),
        fc.array(flat, { minLength: 1, maxLength: 3 }).map((types) => `(${types.join(",")})[4]`),
      );
      const types = fc.array(fc.oneof({ weight: 12, arbitrary: flat }, { weight: 1, arbitrary: compound }), {
        maxLength: 6,
      });
      await fc.assert(
        fc.asyncProperty(types, fc.nat(6), fc.nat(6), async (list, amountWord, assetWord) => {
          const readable =
            list.every((type) => !/[[(]/.test(type)) &&
            (list[amountWord] ?? "").startsWith("uint") &&
            list[assetWord] === "address";
          const signature = `f(${list.join(",")})`;
          const registration = registrationOf({ target, signature, amountWord, assetWord });
          const attempt = stage.catalog.connect(stage.office).registerAction.staticCall(registration, reason);
          const accepted = await attempt.then(
            () => true,
            () => false,
          );
          expect(accepted, `${signature} ${amountWord} ${assetWord}`).to.equal(readable);
        }),
        { numRuns: 300, seed: 20_261_121 },
      );
    });
  });

  describe("given a registered action, when it is retired", () => {
    it("the authority does not know it any more, until it is registered again", async () => {
      const { catalog, authority, office } = stage;
      await register({ inverseTarget: target, inverseSelector: "0x11223344" });
      const selector = selectorOf(registrationOf().signature);
      await expect(catalog.connect(office).retireAction(target, selector, reason))
        .to.emit(catalog, "ActionRetired")
        .withArgs(target, selector, 2, reason, await callId("retireAction", [target, selector, reason]), office);
      const nothing = [ImpactKind.Unlisted, 0n, 0n, 0n, 0n, 0n];
      expect(await authority.actionFacts(target, selector)).to.deep.equal(nothing);
      expect(await catalog.actionOf(target, selector)).to.deep.equal([2n, nothing, [ZeroAddress, "0x00000000"]]);
      await expect(catalog.connect(office).retireAction(target, selector, reason))
        .to.be.revertedWithCustomError(catalog, "ActionCatalogNotRegistered")
        .withArgs(target, selector);
      await register();
      expect((await catalog.actionOf(target, selector)).version).to.equal(3n);
    });

    it("anybody else is refused", async () => {
      const { catalog, outsider } = stage;
      await expect(catalog.connect(outsider).retireAction(target, "0x11223344", reason))
        .to.be.revertedWithCustomError(catalog, "AccessManagedUnauthorized")
        .withArgs(outsider);
    });
  });

  describe("given registered actions, when a capability is made of them", () => {
    const capability = id("pay suppliers");
    const actions = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ target, selector: selectorOf(`f${i}(uint256,address)`) }));
    const hashOf = (list: ReturnType<typeof actions>) =>
      keccak256(
        AbiCoder.defaultAbiCoder().encode(
          ["tuple(address,bytes4)[]"],
          [list.map(({ target: at, selector }) => [at, selector])],
        ),
      );
    const define = (list: ReturnType<typeof actions>, name = capability) =>
      stage.catalog.connect(stage.office).defineCapability(name, list, reason);

    beforeEach(async () => {
      for (let i = 0; i < 17; ++i) {
        await register({ signature: `f${i}(uint256,address)`, amountWord: 0, assetWord: 1 });
      }
    });

    it("iPO-022: the authority keeps the hash of the list, the catalog every version's", async () => {
      const { catalog, authority, office } = stage;
      const [first, second] = [actions(16), actions(1)];
      await expect(define(first))
        .to.emit(catalog, "CapabilityDefined")
        .withArgs(
          capability,
          1,
          first.map(({ target: at, selector }) => [at, selector]),
          reason,
          await callId("defineCapability", [capability, first, reason]),
          office,
        );
      expect(await authority.capabilityHash(capability)).to.equal(hashOf(first));
      await define(second);
      expect(await authority.capabilityHash(capability)).to.equal(hashOf(second));
      expect(await catalog.capabilityOf(capability)).to.deep.equal([
        2n,
        second.map(({ target: at, selector }) => [at, selector]),
      ]);
      expect(await catalog.capabilityHash(capability, 0)).to.equal(ZeroHash);
      expect(await catalog.capabilityHash(capability, 1)).to.equal(hashOf(first));
      expect(await catalog.capabilityHash(capability, 2)).to.equal(hashOf(second));
      expect(await catalog.capabilityHash(capability, 3)).to.equal(ZeroHash);
      expect(await catalog.capabilityOf(id("other"))).to.deep.equal([0n, []]);
    });

    it("it has 1 to 16 actions and a name", async () => {
      for (const count of [0, 17]) {
        await expect(define(actions(count)))
          .to.be.revertedWithCustomError(stage.catalog, "ActionCatalogInvalidCapability")
          .withArgs(capability, count, 16);
      }
      await expect(define(actions(1), ZeroHash))
        .to.be.revertedWithCustomError(stage.catalog, "ActionCatalogInvalidCapability")
        .withArgs(ZeroHash, 1, 16);
    });

    it("each is registered, and stands in it once", async () => {
      const [first, second] = actions(2);
      if (!first || !second) throw new Error("no actions");
      await expect(define([first, second, first]))
        .to.be.revertedWithCustomError(stage.catalog, "ActionCatalogRepeatedAction")
        .withArgs(capability, first.target, first.selector);
      await stage.catalog.connect(stage.office).retireAction(target, second.selector, reason);
      await expect(define([first, second]))
        .to.be.revertedWithCustomError(stage.catalog, "ActionCatalogNotRegistered")
        .withArgs(target, second.selector);
    });

    it("anybody else is refused", async () => {
      const { catalog, outsider } = stage;
      await expect(catalog.connect(outsider).defineCapability(capability, actions(1), reason))
        .to.be.revertedWithCustomError(catalog, "AccessManagedUnauthorized")
        .withArgs(outsider);
    });
  });

  it("without CATALOG_ROLE it can tell the authority nothing", async () => {
    const { authority, catalog } = stage;
    await authority.revokeRole(roles.CATALOG_ROLE, catalog);
    await expect(register())
      .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
      .withArgs(catalog, roles.CATALOG_ROLE);
  });
});
