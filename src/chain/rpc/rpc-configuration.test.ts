import { describe, expect, it } from "vitest";
import { endpointName, keysInUrl, rpcSchema } from "./rpc-configuration.ts";

const urls = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `https://rpc${index}.example/key`);

describe("rpcSchema", () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [3, 3],
    [4, 3],
    [9, 5],
  ])("given %i endpoints and a quorum of %i, it is accepted", (count, quorum) => {
    expect(rpcSchema.parse({ urls: urls(count), quorum })).toEqual({ urls: urls(count), quorum });
  });

  it.each([
    ["no endpoint", { urls: [], quorum: 1 }, /at urls/],
    ["ten", { urls: urls(10), quorum: 6 }, /at urls/],
    ["no quorum", { urls: urls(1) }, /at quorum/],
    ["a quorum of none", { urls: urls(1), quorum: 0 }, /at quorum/],
    ["more than there are", { urls: urls(2), quorum: 3 }, /RpcTooFewEndpoints/],
    ["half of them", { urls: urls(2), quorum: 1 }, /RpcQuorumTooSmall/],
    ["half of four", { urls: urls(4), quorum: 2 }, /RpcQuorumTooSmall/],
    [
      "one provider twice",
      { urls: ["https://a.example/one", "https://a.example/two"], quorum: 2 },
      /RpcEndpointRepeated/,
    ],
    ["a socket", { urls: ["wss://a.example"], quorum: 1 }, /at urls/],
    ["a user", { urls: ["https://user:password@a.example"], quorum: 1 }, /without a user/],
    ["an unknown key", { urls: urls(1), quorum: 1, timeout: 1 }, /Unrecognized/],
  ])("given %s, it is refused", (_, configuration, problem) => {
    const { error } = rpcSchema.safeParse(configuration);
    expect(JSON.stringify(error?.issues.map((each) => `${each.message} at ${each.path.join(".")}`))).toMatch(problem);
  });
});

describe("an endpoint's URL", () => {
  it("given a key in path or query, it is named by its host alone, and the key is known", () => {
    const url = "https://rpc.example:8443/v3/0123456789abcdef0123?key=fedcba98765432100000&a=b";
    expect(endpointName(url)).toBe("rpc.example:8443");
    const path = "/v3/0123456789abcdef0123?key=fedcba98765432100000&a=b";
    expect(keysInUrl(url)).toEqual([`rpc.example:8443${path}`, path, "0123456789abcdef0123", "fedcba98765432100000"]);
  });

  it("given a short path, only with its host; given none, no part of it is a key", () => {
    expect(keysInUrl("https://rpc.example/v1")).toEqual(["rpc.example/v1"]);
    expect(keysInUrl("https://rpc.example/")).toEqual([]);
  });
});
