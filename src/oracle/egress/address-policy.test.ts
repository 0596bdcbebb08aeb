import { describe, expect, it } from "vitest";
import { addressPolicy, isAddressPermission } from "./address-policy.ts";

describe("addressPolicy", () => {
  it("given nothing allowed, it permits public addresses alone", () => {
    const permits = addressPolicy([]);
    expect(permits("example.org", "93.184.216.34")).toBe(true);
    expect(permits("example.org", "2606:4700::1111")).toBe(true);
    for (const address of ["127.0.0.1", "10.0.0.1", "::1", "::ffff:127.0.0.1", "example.org", ""]) {
      expect(permits("example.org", address)).toBe(false);
    }
  });

  it("given an address or a range, it permits that and nothing beside it, for whatever host", () => {
    const permits = addressPolicy(["127.0.0.1", "10.1.0.0/16", "fd12::/32"]);
    for (const address of ["127.0.0.1", "10.1.0.0", "10.1.255.255", "::ffff:10.1.0.1", "fd12::1", "fd12:0:ffff::"]) {
      expect(permits("any", address)).toBe(true);
    }
    for (const address of ["127.0.0.2", "10.0.255.255", "10.2.0.0", "::ffff:10.2.0.1", "fd11:ffff::1", "fd12:1::"]) {
      expect(permits("any", address)).toBe(false);
    }
  });

  it("given a host, it permits where that host leads, and no other", () => {
    const permits = addressPolicy(["metrics.internal"]);
    expect(permits("metrics.internal", "10.9.9.9")).toBe(true);
    expect(permits("other.internal", "10.9.9.9")).toBe(false);
    expect(permits("evil-metrics.internal", "10.9.9.9")).toBe(false);
  });
});

describe("isAddressPermission", () => {
  it.each(["127.0.0.1", "10.0.0.0/8", "::1", "fd00::/8", "metrics.internal", "localhost"])(
    "given %s, it is one",
    (text) => expect(isAddressPermission(text)).toBe(true),
  );
  it.each(["", "10.0.0.0/33", "::/129", "Metrics.internal", "http://a", "a:1", "a/8", "10.0.0.0/", "*"])(
    "given %j, it is none",
    (text) => expect(isAddressPermission(text)).toBe(false),
  );
});
