import { Badge, Group, Text, Tooltip } from "@mantine/core";
import type { StatusAnswer } from "../../../../src/core/api/status.ts";

/** Above this age of the newest block the figures on the page are called late. */
const lateAfterSeconds = 30;

/** How far the page can be relied on: newest block, its age, and whether every journal is complete. */
export function ChainStatus({ status }: { readonly status: StatusAnswer }) {
  const broken = status.journal.filter(({ ok }) => !ok);
  const late = status.lagSeconds > lateAfterSeconds;
  return (
    <Group gap="sm" role="status" aria-label="State of the data">
      <Text size="sm">
        Chain {status.chainId}, block {status.block}
      </Text>
      {late ? (
        <Badge color="orange.9">late by {Math.round(status.lagSeconds)} s</Badge>
      ) : (
        <Badge color="teal.9">live</Badge>
      )}
      <Tooltip
        label={`${status.journal.length} contracts: all their events, folded, against the head in their storage`}
      >
        <Badge color={broken.length === 0 ? "teal.9" : "red.9"} tabIndex={0}>
          {broken.length === 0 ? "journals complete" : `journal broken: ${broken.map(({ name }) => name).join(", ")}`}
        </Badge>
      </Tooltip>
      {status.trouble !== null && <Badge color="red.9">{status.trouble.message}</Badge>}
    </Group>
  );
}
