import { Alert, Button, Group, Modal, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useConnection, usePublicClient, useWalletClient } from "wagmi";
import { contractErrorOf } from "../../../../src/chain/decode-revert.ts";
import type { ProjectAnswer } from "../../../../src/core/api/projects.ts";
import { amountText } from "../../format/amount.ts";
import { Problem } from "../../format/answer.tsx";
import { HexName } from "../../format/names.tsx";
import { fundProject, type PaymentOutcome, type PaymentStep } from "../../payments/fund-project.ts";

const stepWords: Record<PaymentStep, string> = {
  checking: "Checking that nothing was paid yet…",
  approving: "Confirm in your wallet: allow the vault to take exactly this amount.",
  funding: "Confirm in your wallet: fund the project.",
  waiting: "Sent. Waiting for the chain; you can close or reload this page.",
};

type Progress =
  | { readonly at: "preview" }
  | { readonly at: "working"; readonly step: PaymentStep }
  | { readonly at: "done"; readonly outcome: PaymentOutcome }
  | { readonly at: "failed"; readonly thrown: unknown };

/** Shows exactly what will be paid before anything is sent, then pays once. */
export function FundDialog(props: { readonly project: ProjectAnswer; readonly onClose: () => void }) {
  const { project, onClose } = props;
  const chain = usePublicClient();
  const wallet = useWalletClient();
  const { address: account } = useConnection();
  const [progress, setProgress] = useState<Progress>({ at: "preview" });
  const ready = chain !== undefined && wallet.data !== undefined && account !== undefined;

  const pay = async (): Promise<void> => {
    if (!ready) return;
    setProgress({ at: "working", step: "checking" });
    try {
      const onStep = (step: PaymentStep): void => {
        setProgress({ at: "working", step });
      };
      const outcome = await fundProject({
        chain,
        wallet: wallet.data,
        account,
        project,
        storage: localStorage,
        onStep,
      });
      setProgress({ at: "done", outcome });
    } catch (thrown) {
      setProgress({ at: "failed", thrown: contractErrorOf(thrown) });
    }
  };

  return (
    <Modal opened onClose={onClose} title="Fund project" centered size="lg">
      <Stack>
        <Preview project={project} account={account} />
        <div aria-live="polite">
          {progress.at === "working" && <Alert color="blue">{stepWords[progress.step]}</Alert>}
          {progress.at === "failed" && <Problem title="Nothing was paid" thrown={progress.thrown} />}
          {progress.at === "done" && <Outcome outcome={progress.outcome} />}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          {progress.at !== "done" && (
            <Button onClick={() => void pay()} loading={progress.at === "working"} disabled={!ready}>
              Fund with {amountText(project.total, project.asset)}
            </Button>
          )}
        </Group>
        {!ready && <Text size="sm">Connect a wallet first.</Text>}
      </Stack>
    </Modal>
  );
}

function Preview({
  project,
  account,
}: {
  readonly project: ProjectAnswer;
  readonly account: `0x${string}` | undefined;
}) {
  return (
    <Table aria-label="What will be paid" variant="vertical" withTableBorder>
      <Table.Tbody>
        <Row name="Amount">{amountText(project.total, project.asset)}</Row>
        <Row name="Asset">
          <HexName value={project.asset.address} />
        </Row>
        <Row name="From">{account === undefined ? "no wallet" : <HexName value={account} />}</Row>
        <Row name="Held by the vault">
          <HexName value={project.vault} />
        </Row>
        <Row name="Paid out only to">
          <HexName value={project.payee} />
        </Row>
        <Row name="Otherwise returned to pool">
          <HexName value={project.reclaimTo} />
        </Row>
        <Row name="Project (hash of all terms)">
          <HexName value={project.id} />
        </Row>
      </Table.Tbody>
    </Table>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={220}>
        {name}
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}

function Outcome({ outcome }: { readonly outcome: PaymentOutcome }) {
  switch (outcome.status) {
    case "funded":
      return (
        <Alert color="teal" title="Funded">
          The project is funded and its lease runs.
          {outcome.transaction === null
            ? " It was paid by an earlier transaction of yours."
            : ` Transaction ${outcome.transaction}`}
        </Alert>
      );
    case "cancelled":
      return (
        <Alert color="orange" title="Cancelled">
          Your wallet replaced the transaction. Nothing was paid.
        </Alert>
      );
    case "busy":
      return (
        <Alert color="orange" title="Another tab is paying">
          Another tab of this browser is funding this project right now. Finish or close it first.
        </Alert>
      );
  }
}
