import { Badge, Group, Progress, Text } from "@mantine/core";
import type { LeaseAnswer, ProjectAnswer } from "../../../../src/core/api/projects.ts";
import { shareText } from "../../format/amount.ts";
import { ChainTime } from "../../format/names.tsx";

type MeasuredBy = ProjectAnswer["measuredBy"];

/** What an enclave has in the place of reports and proofs. */
const nouns = {
  heartbeat: { counted: "report", needed: "a proof", missed: "no proof came in time" },
  review: { counted: "review period", needed: "its anchor's review", missed: "its anchor did not review it in time" },
} as const satisfies Record<MeasuredBy, unknown>;

function Words({ lease, measuredBy }: { readonly lease: LeaseAnswer; readonly measuredBy: MeasuredBy }) {
  const left = lease.paidThrough - lease.latest;
  const { counted, needed, missed } = nouns[measuredBy];
  switch (lease.reason) {
    case "paid":
      return (
        <>
          {left} more {left === 1 ? counted : `${counted}s`} until {needed} is needed
        </>
      );
    case "renewal-window":
      return (
        <>
          {needed} is needed until {lease.until === null ? "soon" : <ChainTime seconds={lease.until} />}
        </>
      );
    case "renewal-window-over":
    case "report-missed":
      return <>{missed}; what is pending can be reclaimed by anyone</>;
  }
}

/** How long the project is alive without another proof. */
export function LeaseMeter({ lease, measuredBy }: { readonly lease: LeaseAnswer; readonly measuredBy: MeasuredBy }) {
  const { counted } = nouns[measuredBy];
  const left = Math.max(0, lease.paidThrough - lease.latest);
  const color = !lease.running ? "red.9" : lease.reason === "renewal-window" ? "orange.9" : "teal.9";
  return (
    <div>
      <Group gap="xs">
        <Badge color={color}>{lease.running ? "lease runs" : "lease lapsed"}</Badge>
        <Text size="sm">
          Paid through {counted} {lease.paidThrough}, latest {lease.latest}:{" "}
          <Words lease={lease} measuredBy={measuredBy} />
        </Text>
      </Group>
      <Progress
        mt={6}
        color={color}
        value={Math.min(100, (100 * left) / lease.leaseReports)}
        aria-label={`Lease: ${left} of ${lease.leaseReports} ${counted}s left`}
      />
      <Text size="sm" mt={4}>
        {measuredBy === "review"
          ? "Reviewed by its anchor, not scored"
          : lease.score === null
            ? "Not scored yet"
            : `Last proved score ${shareText(lease.score)}`}
        {lease.risenTo !== null &&
          `; renewed for one report, as the score rose suddenly to ${shareText(lease.risenTo)}: the next report has to confirm it`}
        {lease.missing > 0 && `; missing ${lease.missing} of ${lease.maxMissing} times in a row`}
      </Text>
    </div>
  );
}
