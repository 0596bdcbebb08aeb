import { Anchor, Badge, Stack, Table, Text, Title } from "@mantine/core";
import type { ChallengeAnswer } from "../../../../src/core/api/challenges.ts";
import { shareText } from "../../format/amount.ts";
import { ChainTime, HexName } from "../../format/names.tsx";
import { Ruling } from "./ruling.tsx";

const colors = {
  open: "violet.9",
  upheld: "red.9",
  rejected: "teal.9",
  withdrawn: "gray.9",
  lapsed: "gray.9",
  returned: "gray.9",
} as const;

/** What the challenged report says of the project. */
function Challenged({ challenge: { outcome, score, epoch } }: { readonly challenge: ChallengeAnswer }) {
  return (
    <>
      {outcome === "value" ? `Score ${shareText(score)}` : `No score (${outcome})`} in epoch {epoch}
    </>
  );
}

/** The document, where a store has it; else the hash that it has. */
function Evidence(props: { readonly challenge: ChallengeAnswer; readonly store: string | null }) {
  const { challenge, store } = props;
  const { evidence } = challenge;
  if (store === null) return <HexName value={evidence} />;
  const document = new URL(`/v1/challenges/${challenge.challenge}/evidence/${evidence}`, store);
  return (
    <Anchor
      href={document.href}
      size="sm"
      underline="always"
      aria-label={`Document with the evidence of challenge ${challenge.challenge}`}
    >
      Document
    </Anchor>
  );
}

/** Challenges of a project's scores, the newest first: what is challenged, until when, on what evidence, and who rules. */
export function ChallengeTable(props: {
  readonly challenges: readonly ChallengeAnswer[];
  readonly evidenceStore: string | null;
}) {
  const { challenges, evidenceStore } = props;
  if (challenges.length === 0) return <Text size="sm">No score of this project was challenged.</Text>;
  return (
    <Stack gap={4}>
      <Title order={4} size="h5">
        Challenges
      </Title>
      <Table.ScrollContainer minWidth={720}>
        <Table aria-label="Challenges" verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Challenge</Table.Th>
              <Table.Th scope="col">What</Table.Th>
              <Table.Th scope="col">State</Table.Th>
              <Table.Th scope="col">Deadline</Table.Th>
              <Table.Th scope="col">Evidence</Table.Th>
              <Table.Th scope="col">Ruling</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {challenges.map((challenge) => (
              <Table.Tr key={challenge.challenge} data-challenge={challenge.challenge}>
                <Table.Th scope="row">
                  <HexName value={challenge.challenge} />
                </Table.Th>
                <Table.Td>
                  <Challenged challenge={challenge} />
                </Table.Td>
                <Table.Td>
                  <Badge color={colors[challenge.status]}>{challenge.status}</Badge>
                </Table.Td>
                <Table.Td>
                  <ChainTime seconds={challenge.deadline} />
                </Table.Td>
                <Table.Td>
                  <Evidence challenge={challenge} store={evidenceStore} />
                </Table.Td>
                <Table.Td>
                  <Ruling challenge={challenge} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
