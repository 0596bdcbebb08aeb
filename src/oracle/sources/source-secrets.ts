import { readSecret, redacting, type SecretPlace } from "../../chain/hosting/secret.ts";
import { keysInUrl } from "../../chain/rpc/rpc-configuration.ts";

/** What an HTTP service asks of who reads it: one header field, whose value ends with the secret. */
export interface HeaderCredential {
  readonly header: string;
  /** What stands before the secret in the field, such as `Bearer `. */
  readonly prefix: string;
  readonly secret: SecretPlace;
}

/** Where an operator's secrets stand; files by absolute path. */
export interface SecretPlaces {
  /** Endpoints of the chain; a path or a query in their URLs is usually a key. */
  readonly rpc: { readonly urls: readonly string[] };
  readonly sources: {
    /** By origin, such as `https://api.example`: a credential goes to no other host, port or scheme. */
    readonly credentials: Readonly<Record<string, HeaderCredential>>;
    readonly databases: Readonly<Record<string, { readonly password?: SecretPlace | undefined }>>;
  };
}

/** An operator's secrets, and what takes them out of everything that is written. */
export interface SourceSecrets {
  /** Header fields for a request to `url`. */
  readonly headersFor: (url: string) => Readonly<Record<string, string>>;
  readonly passwordOf: (database: string) => string | undefined;
  readonly redact: (text: string) => string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every secret once.
 * @throws {MandateError} `SecretMissing`, `SecretTooShort`: an operator that cannot read what it should does not start.
 */
export function readSourceSecrets(places: SecretPlaces, environment: Environment = process.env): SourceSecrets {
  const read = (place: SecretPlace): string => readSecret(place, "/", environment); // paths are absolute
  const credentials = new Map(
    Object.entries(places.sources.credentials).map(([origin, each]) => [
      origin,
      { ...each, secret: read(each.secret) },
    ]),
  );
  const passwords = new Map(
    Object.entries(places.sources.databases).flatMap(([name, { password }]) =>
      password === undefined ? [] : [[name, read(password)] as const],
    ),
  );
  const secrets = [...[...credentials.values()].map((each) => each.secret), ...passwords.values()];
  const redact = redacting(
    [...secrets.flatMap(spellingsOf), ...places.rpc.urls.flatMap(keysInUrl)].sort((a, b) => b.length - a.length), // whole ones first
  );
  return {
    headersFor: (url) => {
      const found = credentials.get(new URL(url).origin);
      return found === undefined ? {} : { [found.header]: `${found.prefix}${found.secret}` };
    },
    passwordOf: (database) => passwords.get(database),
    redact,
  };
}

/** A secret as services and libraries may repeat it: as it is, in a URL, in JSON, in base64 and out of it. */
function spellingsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret, "utf8");
  const spellings = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64.toString("base64"),
    base64.toString("base64url"),
  ];
  // `Basic` credentials are `user:password` in base64; who takes them apart may repeat either.
  const decoded = Buffer.from(secret, "base64").toString("utf8");
  if (/^[\x20-\x7e]{8,}$/.test(decoded))
    spellings.push(decoded, ...decoded.split(":").filter((part) => part.length >= 8));
  return [...new Set(spellings)];
}
