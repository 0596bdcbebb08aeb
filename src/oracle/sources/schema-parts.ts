import { z } from "zod";

/** An address on the web. Definitions are public: credentials stand in each operator's own configuration. */
export const httpUrl = z.url({ protocol: /^https?$/ });

/** A JSON pointer (RFC 6901). */
export const jsonPointer = z
  .string()
  .regex(/^(\/.*)?$/)
  .max(1_000);

/** By which a definition names what each operator has in a place of its own. */
export const placeName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/);
