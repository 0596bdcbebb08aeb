import { LineChart } from "@mantine/charts";
import { Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import type { ReportAnswer } from "../../../../src/core/api/reports.ts";
import { shareText } from "../../format/amount.ts";

/** Per cent for the eye only: the table beside it holds the exact share. */
function percent(fixedPoint: string): number {
  return Number((BigInt(fixedPoint) * 10_000n) / 10n ** 18n) / 100;
}

function survival({ scored, surviving }: ReportAnswer): number | null {
  return scored === 0 ? null : Math.round((surviving * 10_000) / scored) / 100;
}

/** τ and the share of projects that reached it, report by report. */
export function ThresholdChart({ reports }: { readonly reports: readonly ReportAnswer[] }) {
  const ascending = reports.slice(0, 50).toReversed();
  const last = ascending.at(-1);
  if (last === undefined) {
    return <Text>No report is accepted yet. The first comes after the running epoch has ended.</Text>;
  }
  return (
    <Stack gap="xs">
      <Text size="sm">
        Report {last.index} of epoch {last.epoch}: {last.surviving} of {last.scored} scored projects reached τ ={" "}
        {shareText(last.threshold)}. The next is judged by {shareText(last.nextThreshold)}.
      </Text>
      <div aria-hidden>
        <LineChart
          h={180}
          data={ascending.map((report) => ({
            report: report.index,
            τ: percent(report.threshold),
            survival: survival(report),
          }))}
          dataKey="report"
          lineChartProps={{ accessibilityLayer: false }} // nothing to focus in what is hidden
          unit=" %"
          yAxisProps={{ domain: [0, 100] }}
          series={[
            { name: "τ", color: "blue.7" },
            { name: "survival", color: "teal.7" },
          ]}
          curveType="linear"
          withLegend
        />
      </div>
      <VisuallyHidden>
        <Table aria-label="Reports">
          <Table.Tbody>
            {ascending.map((report) => (
              <Table.Tr key={report.index}>
                <Table.Th scope="row">report {report.index}</Table.Th>
                <Table.Td>τ {shareText(report.threshold)}</Table.Td>
                <Table.Td>
                  {report.surviving} of {report.scored} survive
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </VisuallyHidden>
    </Stack>
  );
}
