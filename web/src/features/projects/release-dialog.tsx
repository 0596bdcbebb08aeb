import { Alert, Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useConnection, usePublicClient, useWalletClient } from "wagmi";
import { contractErrorOf } from "../../../../src/chain/decode-revert.ts";
import type { MilestoneAnswer, ProjectAnswer } from "../../../../src/core/api/projects.ts";
import { amountText } from "../../format/amount.ts";
import { Problem } from "../../format/answer.tsx";
import { HexName } from "../../format/names.tsx";
import { releaseMilestone, type ReleaseOutcome, type ReleaseStep } from "../../releases/release-milestone.ts";
import { EvidenceForm } from "./evidence-form.tsx";

const stepWords: Record<ReleaseStep, string> = {
  collecting: "Asking the attestors to check the evidence and sign…",
  simulating: "Simulating the release…",
  sending: "Confirm in your wallet: release the milestone.",
  waiting: "Sent. Waiting for the chain…",
};

type Progress =
  | { readonly at: "evidence" }
  | { readonly at: "working"; readonly step: ReleaseStep }
  | { readonly at: "done"; readonly outcome: ReleaseOutcome }
  | { readonly at: "failed"; readonly thrown: unknown };

export interface ReleaseDialogProps {
  readonly project: ProjectAnswer;
  readonly milestone: MilestoneAnswer;
  readonly attestorUrls: readonly string[];
  readonly onClose: () => void;
}

/** Takes evidence, has it attested, and relays the release. */
export function ReleaseDialog({ project, milestone, attestorUrls, onClose }: ReleaseDialogProps) {
  const chain = usePublicClient();
  const wallet = useWalletClient();
  const { address: account } = useConnection();
  const [evidence, setEvidence] = useState<unknown>();
  const [progress, setProgress] = useState<Progress>({ at: "evidence" });
  const ready = chain !== undefined && wallet.data !== undefined && account !== undefined;

  const release = async (): Promise<void> => {
    if (!ready) return;
    const onStep = (step: ReleaseStep): void => {
      setProgress({ at: "working", step });
    };
    try {
      const parties = { chain, wallet: wallet.data, account, attestorUrls };
      const outcome = await releaseMilestone({ ...parties, project, milestone, evidence, onStep });
      setProgress({ at: "done", outcome });
    } catch (thrown) {
      setProgress({ at: "failed", thrown: contractErrorOf(thrown) });
    }
  };

  const settled = progress.at === "done" && progress.outcome.status !== "unsigned";
  return (
    <Modal opened onClose={onClose} title={`Release milestone ${milestone.index + 1}`} centered size="lg">
      <Stack>
        <Text>
          {amountText((BigInt(milestone.amount) - BigInt(milestone.paid)).toString(), project.asset)} to{" "}
          <HexName value={project.payee} />, once {milestone.attestorSet?.threshold} of{" "}
          {milestone.attestorSet?.seats.length} attestors have confirmed the evidence.
        </Text>
        <EvidenceForm onChange={setEvidence} />
        <div aria-live="polite">
          {progress.at === "working" && <Alert color="blue">{stepWords[progress.step]}</Alert>}
          {progress.at === "failed" && <Problem title="Nothing was paid" thrown={progress.thrown} />}
          {progress.at === "done" && <Outcome outcome={progress.outcome} />}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          {!settled && (
            <Button
              onClick={() => void release()}
              loading={progress.at === "working"}
              disabled={!ready || evidence === undefined}
            >
              Have it attested and release
            </Button>
          )}
        </Group>
        {!ready && <Text size="sm">Connect a wallet first: any account may relay a release.</Text>}
      </Stack>
    </Modal>
  );
}

function Outcome({ outcome }: { readonly outcome: ReleaseOutcome }) {
  switch (outcome.status) {
    case "paid":
      return (
        <Alert color="teal" title="Paid">
          The payee has the money. Transaction {outcome.transaction}
        </Alert>
      );
    case "held":
      return (
        <Alert color="violet" title="Proved">
          The proof is accepted, and nothing can take that back but an overturn within the challenge window. The payment
          can be made when that has passed or, where the plan or the circuit breaker asks for it, once an anchor has
          co-signed it.
        </Alert>
      );
    case "claimable":
      return (
        <Alert color="orange" title="Claimable">
          The payee could not receive the payment; it waits as the payee&apos;s claim.
        </Alert>
      );
    case "unsigned":
      return (
        <Alert color="red" title={`${outcome.collected} of ${outcome.required} signatures`} role="alert">
          Nothing was sent. The attestors say:
          <List size="sm">
            {outcome.refusals.map(({ url, message }) => (
              <List.Item key={url}>
                {url}: {message}
              </List.Item>
            ))}
          </List>
        </Alert>
      );
  }
}
