/** Anchors with their authority: where the tests of accountability begin. */
import { id, type BigNumberish, type Signer } from "ethers";
import hre from "hardhat";

import { signedTypes, signingDomains } from "../../src/core/signing/signed-types.ts";
import { day, minAdminDelaySeconds, Roles } from "./authority.ts";
import { letDecidePolicy, newAuthority, wideLimits } from "./new-authority.ts";

/** `IAnchors.AnchorStatus`. */
export const AnchorStatus = { None: 0n, Enrolled: 1n, Live: 2n, Lapsed: 3n, Removed: 4n } as const;

/** Seconds for which an anchor stays live, in the tests. */
export const periodSeconds = 30 * day;

export const identity = id("identity record");

/** Deploys on a chain of its own: the authority, the anchors, and the office that enrols. */
export async function deployAnchors() {
  const connection = await hre.network.create();
  const { ethers, networkHelpers } = connection;
  const [admin, office, outsider, ...people] = await ethers.getSigners();
  if (!admin || !office || !outsider) throw new Error("too few signers");
  const authority = await newAuthority(ethers, admin, minAdminDelaySeconds);
  const anchors = await ethers.deployContract("Anchors", [authority, periodSeconds]);
  const setAnchorLiveness = authority.interface.getFunction("setAnchorLiveness").selector;
  await authority.setTargetFunctionRole(authority, [setAnchorLiveness], Roles.ANCHORS);
  await authority.grantRole(Roles.ANCHORS, anchors, 0);
  await authority.setTargetFunctionRole(anchors, [anchors.interface.getFunction("enrol").selector], Roles.ENROLMENT);
  await authority.grantRole(Roles.ENROLMENT, office, 0);
  await letDecidePolicy(authority, admin);
  const { chainId } = await ethers.provider.getNetwork();
  const domain = { ...signingDomains.Anchors, chainId, verifyingContract: await anchors.getAddress() };

  /** Signs the oath of `anchor` by `signer`, valid for its present enrolment unless told otherwise. */
  async function signOath(
    anchor: string,
    signer: Signer,
    deadline: number,
    changes: { nonce?: BigNumberish; identity?: string; chainId?: bigint; verifyingContract?: string } = {},
  ): Promise<string> {
    const { chainId: chain, verifyingContract, ...message } = changes;
    const place = {
      ...(chain === undefined ? {} : { chainId: chain }),
      ...(verifyingContract ? { verifyingContract } : {}),
    };
    return signer.signTypedData(
      { ...domain, ...place },
      { AnchorOath: [...signedTypes.AnchorOath] },
      { anchor, identity, nonce: await anchors.nonceOf(anchor), deadline, ...message },
    );
  }

  /** Enrols `signer` and relays its oath: a live anchor. */
  async function makeLive(signer: Signer): Promise<void> {
    const anchor = await signer.getAddress();
    await anchors.connect(office).enrol(anchor, identity);
    const deadline = (await networkHelpers.time.latest()) + day;
    await anchors.connect(outsider).accept(anchor, deadline, await signOath(anchor, signer, deadline));
  }

  /** Opens a task by `anchor`, who becomes the anchor of the one team that there is. */
  async function openTask(anchor: Signer, deadline: number): Promise<void> {
    const team = 1;
    await authority.setTeamLimits(team, anchor, wideLimits);
    await authority.connect(anchor).openTask(team, id("purpose"), deadline);
  }

  const accounts = { admin, office, outsider, people };
  return {
    ...connection,
    ...accounts,
    provider: ethers.provider,
    authority,
    anchors,
    domain,
    signOath,
    makeLive,
    openTask,
  };
}
