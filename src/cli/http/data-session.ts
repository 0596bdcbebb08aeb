import { createSiweMessage } from "viem/siwe";
import { signInAnswerSchema, signInNonceAnswerSchema, type SignInAnswer } from "../../core/api/data-access.ts";
import { signerOf } from "../chain/signer.ts";
import { askService } from "./ask-service.ts";

/** Where a session's token can be handed over without showing up in the list of processes. */
export const sessionVariable = "MANDATE_SESSION";

/** Signs in to the data gateway with Ethereum (EIP-4361). */
export async function signIn(options: { gateway: string; account: string; chainId: number }): Promise<SignInAnswer> {
  const signer = signerOf(options.account, options.chainId);
  const { nonce } = await askService(options.gateway, "/v1/sign-in/nonce", signInNonceAnswerSchema, { body: {} });
  const message = createSiweMessage({
    address: signer.address,
    chainId: options.chainId,
    domain: new URL(options.gateway).host,
    nonce,
    statement: "Sign in to read data for which you hold a permission.",
    uri: options.gateway,
    version: "1",
  });
  const signature = await signer.signMessage({ message });
  return askService(options.gateway, "/v1/sign-in", signInAnswerSchema, { body: { message, signature } });
}

/** The token in the environment, or that of a new session. */
export async function sessionToken(options: { gateway: string; as: string; chainId: number }): Promise<string> {
  const given = process.env[sessionVariable];
  if (given !== undefined && given !== "") return given;
  return (await signIn({ gateway: options.gateway, account: options.as, chainId: options.chainId })).token;
}
