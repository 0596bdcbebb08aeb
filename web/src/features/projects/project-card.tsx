import { Badge, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { MilestoneAnswer, ProjectAnswer } from "../../../../src/core/api/projects.ts";
import { amountText } from "../../format/amount.ts";
import { HexName } from "../../format/names.tsx";
import { FundDialog } from "./fund-dialog.tsx";
import { LeaseMeter } from "./lease-meter.tsx";
import { MilestoneTable } from "./milestone-table.tsx";
import { ReleaseDialog } from "./release-dialog.tsx";

const colors = {
  proposed: "blue.9",
  active: "teal.9",
  closed: "gray.9",
  reclaimed: "red.9",
  expired: "gray.9",
  cancelled: "gray.9",
} as const;

type Dialog = { readonly kind: "fund" } | { readonly kind: "release"; readonly milestone: MilestoneAnswer } | null;

/** One project: where its money is, how long it lives, and what can be done. What else is about it are the children. */
export function ProjectCard(props: {
  readonly project: ProjectAnswer;
  readonly attestorUrls: readonly string[];
  readonly children: ReactNode;
}) {
  const { project, attestorUrls, children } = props;
  const [dialog, setDialog] = useState<Dialog>(null);
  const close = (): void => {
    setDialog(null);
  };
  const accepted = project.payeeAccepted && project.anchorAccepted;
  return (
    <Card withBorder component="article" aria-label={`Project ${project.id}`} data-project={project.id}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Group gap="xs">
            <Title order={3} size="h4">
              Project <HexName value={project.id} />
            </Title>
            <Badge color={colors[project.status]}>{project.status}</Badge>
          </Group>
          {project.status === "proposed" && (
            <Button
              disabled={!accepted}
              onClick={() => {
                setDialog({ kind: "fund" });
              }}
            >
              Fund
            </Button>
          )}
        </Group>
        {project.status === "proposed" && !accepted && (
          <Text size="sm">
            Waiting for acceptance by{" "}
            {[!project.payeeAccepted && "the payee", !project.anchorAccepted && "the anchor"]
              .filter(Boolean)
              .join(" and ")}
            .
          </Text>
        )}
        <Text size="sm">
          Total {amountText(project.total, project.asset)}: paid {amountText(project.paid, project.asset)}, committed{" "}
          {amountText(project.committed, project.asset)}, reclaimed {amountText(project.reclaimed, project.asset)}.
          Payee <HexName value={project.payee} />, accountable <HexName value={project.anchor} />.
        </Text>
        {project.lease !== null && project.status === "active" && (
          <LeaseMeter lease={project.lease} measuredBy={project.measuredBy} />
        )}
        <MilestoneTable
          project={project}
          action={(milestone) =>
            milestone.status === "pending" && project.status === "active" ? (
              <Button
                size="xs"
                variant="light"
                disabled={project.lease?.running !== true}
                aria-label={`Release milestone ${milestone.index + 1}`}
                onClick={() => {
                  setDialog({ kind: "release", milestone });
                }}
              >
                Release
              </Button>
            ) : null
          }
        />
        {children}
      </Stack>
      {dialog?.kind === "fund" && <FundDialog project={project} onClose={close} />}
      {dialog?.kind === "release" && (
        <ReleaseDialog project={project} milestone={dialog.milestone} attestorUrls={attestorUrls} onClose={close} />
      )}
    </Card>
  );
}
