import { z } from "zod";
import { iHeartbeatOracleAbi } from "../../src/chain/abi.ts";
import { eventsOf } from "../../src/sdk/events.ts";
import { addressOf, type Session } from "../../src/sdk/session.ts";

/** Every accepted report, oldest first. */
export function acceptedReports(session: Session) {
  return eventsOf(session, addressOf(session, "HeartbeatOracle"), iHeartbeatOracleAbi, "ReportAccepted");
}

export type AcceptedReport = Awaited<ReturnType<typeof acceptedReports>>[number];

/** First second after an epoch. */
export async function epochEnd(session: Session, epoch: number): Promise<number> {
  const oracle = { address: addressOf(session, "HeartbeatOracle"), abi: iHeartbeatOracleAbi } as const;
  const [genesis, seconds] = await Promise.all([
    session.client.readContract({ ...oracle, functionName: "genesis" }),
    session.client.readContract({ ...oracle, functionName: "epochSeconds" }),
  ]);
  return genesis + epoch * seconds;
}

const metricSchema = z.object({ metric: z.string(), outcome: z.string(), value: z.string().optional() });
const bundleSchema = z.object({
  messages: z.array(
    z.object({
      message: z.looseObject({
        kind: z.string(),
        operator: z.string(),
        observation: z
          .object({ definitions: z.array(z.object({ definition: z.string(), metrics: z.array(metricSchema) })) })
          .optional(),
      }),
    }),
  ),
});

/** The last epoch that is over; 0 before that. */
export async function closedEpoch(session: Session): Promise<number> {
  const oracle = { address: addressOf(session, "HeartbeatOracle"), abi: iHeartbeatOracleAbi } as const;
  const { timestamp } = await session.client.getBlock();
  const running = await session.client.readContract({ ...oracle, functionName: "epochAt", args: [Number(timestamp)] });
  return Math.max(running - 1, 0);
}

/** What an operator knows, while the epoch's report is being agreed on, of what each operator measured. */
export async function observationsAt(operatorUrl: string, epoch: number) {
  const response = await fetch(new URL(`/v1/agreement/${epoch}`, operatorUrl));
  const { messages } = bundleSchema.parse(await response.json());
  return messages.flatMap(({ message }) => {
    return message.kind === "observation" && message.observation !== undefined
      ? [{ operator: message.operator, definitions: message.observation.definitions }]
      : [];
  });
}
