import { Badge, Group, Progress, Text } from "@mantine/core";
import type { LeaseAnswer } from "../../../../src/core/api/projects.ts";
import { shareText } from "../../format/amount.ts";
import { ChainTime } from "../../format/names.tsx";

function Words({ lease }: { readonly lease: LeaseAnswer }) {
  const left = lease.paidThrough - lease.latest;
  switch (lease.reason) {
    case "paid":
      return (
        <>
          {left} more {left === 1 ? "report" : "reports"} until a proof is needed
        </>
      );
    case "renewal-window":
      return <>a proof is needed until {lease.until === null ? "soon" : <ChainTime seconds={lease.until} />}</>;
    case "renewal-window-over":
    case "report-missed":
      return <>no proof came in time; what is pending can be reclaimed by anyone</>;
  }
}

/** How long the project is alive without another proof. */
export function LeaseMeter({ lease }: { readonly lease: LeaseAnswer }) {
  const left = Math.max(0, lease.paidThrough - lease.latest);
  const color = !lease.running ? "red.9" : lease.reason === "renewal-window" ? "orange.9" : "teal.9";
  return (
    <div>
      <Group gap="xs">
        <Badge color={color}>{lease.running ? "lease runs" : "lease lapsed"}</Badge>
        <Text size="sm">
          Paid through report {lease.paidThrough}, latest {lease.latest}: <Words lease={lease} />
        </Text>
      </Group>
      <Progress
        mt={6}
        color={color}
        value={Math.min(100, (100 * left) / lease.leaseReports)}
        aria-label={`Lease: ${left} of ${lease.leaseReports} reports left`}
      />
      <Text size="sm" mt={4}>
        {lease.score === null ? "Not scored yet" : `Last proved score ${shareText(lease.score)}`}
        {lease.missing > 0 && `; missing ${lease.missing} of ${lease.maxMissing} times in a row`}
      </Text>
    </div>
  );
}
