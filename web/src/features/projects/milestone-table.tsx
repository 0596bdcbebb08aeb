import { Badge, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { MilestoneAnswer, ProjectAnswer } from "../../../../src/core/api/projects.ts";
import { amountText } from "../../format/amount.ts";
import { ChainTime } from "../../format/names.tsx";

const colors = { pending: "blue.9", proved: "violet.9", paid: "teal.9", reclaimed: "gray.9" } as const;

/** Whether less than all of it was paid, which its state does not tell. */
function paidInParts({ paid, amount }: MilestoneAnswer): boolean {
  return paid !== "0" && paid !== amount;
}

/** A project's milestones, each with what can be done about it. */
export function MilestoneTable(props: {
  readonly project: ProjectAnswer;
  readonly action: (milestone: MilestoneAnswer) => ReactNode;
}) {
  const { project, action } = props;
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table aria-label="Milestones" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Milestone</Table.Th>
            <Table.Th scope="col" ta="right">
              Amount
            </Table.Th>
            <Table.Th scope="col">Deadline</Table.Th>
            <Table.Th scope="col">Attestors</Table.Th>
            <Table.Th scope="col">State</Table.Th>
            <Table.Th scope="col">Action</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {project.milestones.map((milestone) => (
            <Table.Tr key={milestone.index}>
              <Table.Th scope="row">{milestone.index + 1}</Table.Th>
              <Table.Td ta="right">
                {amountText(milestone.amount, project.asset)}
                {paidInParts(milestone) && (
                  <Text size="sm" c="dimmed">
                    {amountText(milestone.paid, project.asset)} paid
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <ChainTime seconds={milestone.deadline} />
              </Table.Td>
              <Table.Td>
                {milestone.attestorSet === null
                  ? "unknown"
                  : `${milestone.attestorSet.threshold} of ${milestone.attestorSet.seats.length}`}
              </Table.Td>
              <Table.Td>
                <Badge color={colors[milestone.status]}>
                  {milestone.payment?.outcome === "claimable" ? "claimable" : milestone.status}
                </Badge>
              </Table.Td>
              <Table.Td>{action(milestone)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
