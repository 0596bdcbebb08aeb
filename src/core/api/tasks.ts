import { z } from "zod";
import {
  addressSchema,
  blockRefSchema,
  bytes32Schema,
  bytes4Schema,
  countSchema,
  secondsSchema,
} from "./primitives.ts";

export const taskStatusSchema = z.enum(["open", "completed", "failed", "expired"]);

export const grantSchema = z.strictObject({
  grantee: addressSchema,
  target: addressSchema,
  selector: bytes4Schema,
  notBefore: secondsSchema,
  notAfter: secondsSchema,
  /** Calls that it was given for; null where calls are not counted. How many are left stands in the Authority's storage. */
  uses: countSchema.nullable(),
  /** Impact of all its calls together, in units of account with 4 decimals; null where it has no cap of its own. */
  cap: countSchema.nullable(),
  granter: addressSchema,
  /** Whether it has effect at `at`, and otherwise why not. */
  status: z.enum([
    "effective",
    "not-started",
    "expired",
    "used-up",
    "ended",
    "task-completed",
    "task-failed",
    "task-expired",
  ]),
});
export type GrantAnswer = z.infer<typeof grantSchema>;

export const taskSchema = z.strictObject({
  task: countSchema,
  /** Number of the team that it is done by. */
  team: countSchema,
  /** `expired` is derived from the deadline, at `at`. */
  status: taskStatusSchema,
  opener: addressSchema,
  anchor: addressSchema,
  deadline: secondsSchema,
  purpose: bytes32Schema,
  openedAt: secondsSchema,
  endedAt: secondsSchema.nullable(),
  grants: z.array(grantSchema),
});
export type TaskAnswer = z.infer<typeof taskSchema>;

/** `GET /v1/tasks`: newest first. */
export const tasksAnswerSchema = z.strictObject({ at: blockRefSchema, tasks: z.array(taskSchema) });
export type TasksAnswer = z.infer<typeof tasksAnswerSchema>;
