import { AppShell, Container, Group, Stack, Text, Title } from "@mantine/core";
import type { ConfigAnswer } from "../../src/core/api/status.ts";
import { useChallenges, usePools, useProjects, useReports, useStatus } from "./api/use-answers.ts";
import { useLiveUpdates } from "./api/use-live-updates.ts";
import { ChallengeTable } from "./features/challenges/challenge-table.tsx";
import { PoolTable } from "./features/pools/pool-table.tsx";
import { ProjectCard } from "./features/projects/project-card.tsx";
import { ThresholdChart } from "./features/reports/threshold-chart.tsx";
import { ChainStatus } from "./features/status/chain-status.tsx";
import { Answer } from "./format/answer.tsx";
import { WalletMenu } from "./wallet/wallet-menu.tsx";

/** The page: pools, heartbeat, and projects, live from the indexer. */
export function App({ configuration }: { readonly configuration: ConfigAnswer }) {
  useLiveUpdates();
  const status = useStatus();
  const pools = usePools();
  const reports = useReports();
  const projects = useProjects();
  const challenges = useChallenges();
  return (
    <AppShell header={{ height: { base: 110, sm: 64 } }} padding="md">
      <AppShell.Header>
        <Container size="lg" h="100%">
          <Group h="100%" justify="space-between" align="center">
            <Title order={1} size="h3">
              Mandate
            </Title>
            <WalletMenu chainId={configuration.chainId} />
          </Group>
        </Container>
      </AppShell.Header>
      <AppShell.Main>
        <Container size="lg">
          <Stack gap="xl">
            <Answer query={status} name="The state of the data">
              {(answer) => <ChainStatus status={answer} />}
            </Answer>
            <section aria-labelledby="pools">
              <Title order={2} size="h3" id="pools" mb="sm">
                Pools
              </Title>
              <Answer query={pools} name="Pools">
                {(answer) => <PoolTable pools={answer.pools} />}
              </Answer>
            </section>
            <section aria-labelledby="heartbeat">
              <Title order={2} size="h3" id="heartbeat" mb="sm">
                Heartbeat
              </Title>
              <Answer query={reports} name="Reports">
                {(answer) => <ThresholdChart reports={answer.reports} />}
              </Answer>
            </section>
            <section aria-labelledby="projects">
              <Title order={2} size="h3" id="projects" mb="sm">
                Projects
              </Title>
              <Answer query={projects} name="Projects">
                {(answer) =>
                  answer.projects.length === 0 ? (
                    <Text>No project is open yet.</Text>
                  ) : (
                    <Stack>
                      {answer.projects.map((project) => (
                        <ProjectCard key={project.id} project={project} attestorUrls={configuration.attestors}>
                          <Answer query={challenges} name="Challenges">
                            {(all) => (
                              <ChallengeTable
                                challenges={all.challenges.filter((each) => each.project === project.id)}
                                evidenceStore={configuration.evidenceStore}
                              />
                            )}
                          </Answer>
                        </ProjectCard>
                      ))}
                    </Stack>
                  )
                }
              </Answer>
            </section>
          </Stack>
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}
