import { describe, expect, it } from "vitest";
import { readSourceSecrets } from "./source-secrets.ts";

const bearer = { header: "authorization", prefix: "Bearer ", secret: { env: "TOKEN" } } as const;
const basic = { header: "authorization", prefix: "Basic ", secret: { env: "BASIC" } } as const;
const environment = {
  TOKEN: 'marker "secret"/token',
  BASIC: Buffer.from("reader:marker-password").toString("base64"),
  DATABASE: "marker-database",
};
const secrets = readSourceSecrets(
  {
    rpc: { urls: ["https://user:marker-user@rpc.example/v3/0123456789abcdef0123?key=fedcba98765432100000"] },
    sources: {
      credentials: { "https://api.example": bearer, "https://basic.example:8443": basic },
      databases: { billing: { password: { env: "DATABASE" } }, open: {} },
    },
  },
  environment,
);

describe("readSourceSecrets", () => {
  it("given a URL of the origin, it gives the credential; of another scheme, host or port, none", () => {
    expect(secrets.headersFor("https://api.example/a?b")).toEqual({ authorization: `Bearer ${environment.TOKEN}` });
    for (const url of [
      "http://api.example/",
      "https://api.example:8443/",
      "https://api.example.evil/",
      "https://evil/",
    ]) {
      expect(secrets.headersFor(url)).toEqual({});
    }
    expect(secrets.passwordOf("billing")).toBe("marker-database");
    expect(secrets.passwordOf("open")).toBeUndefined();
    expect(secrets.passwordOf("constructor")).toBeUndefined();
  });

  it("given a text that repeats a secret in any spelling, it takes it out", () => {
    const spellings = [
      environment.TOKEN,
      encodeURIComponent(environment.TOKEN),
      JSON.stringify(environment.TOKEN),
      Buffer.from(environment.TOKEN).toString("base64"),
      environment.BASIC,
      "reader:marker-password",
      "password marker-password of reader",
      "marker-database",
      "https://rpc.example/v3/0123456789abcdef0123",
      "key=fedcba98765432100000",
      "marker-user",
    ];
    for (const text of spellings) {
      const redacted = secrets.redact(`before ${text} after`);
      expect(redacted).toContain("[secret]");
      expect(redacted).toMatch(/^before .* after$/);
      expect(redacted).not.toMatch(/marker|0123456789|fedcba|secret"/);
    }
    expect(secrets.redact("nothing of the kind")).toBe("nothing of the kind");
  });

  it("given a secret that is not there, it says where it should be", () => {
    const places = {
      rpc: { urls: ["http://rpc.example/"] },
      sources: { credentials: { "https://api.example": bearer }, databases: {} },
    };
    expect(() => readSourceSecrets(places, {})).toThrow(
      expect.objectContaining({ code: "SecretMissing", message: expect.stringContaining("TOKEN") as string }),
    );
  });
});
