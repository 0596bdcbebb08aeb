import { Table, Text } from "@mantine/core";
import type { PoolAnswer } from "../../../../src/core/api/pools.ts";
import { amountText } from "../../format/amount.ts";
import { HexName } from "../../format/names.tsx";

/** Every pool with what it holds of each asset. */
export function PoolTable({ pools }: { readonly pools: readonly PoolAnswer[] }) {
  if (pools.length === 0) return <Text>No pool is open yet.</Text>;
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table captionSide="top" aria-label="Pools">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Pool</Table.Th>
            <Table.Th scope="col">Accountable</Table.Th>
            <Table.Th scope="col" ta="right">
              Free
            </Table.Th>
            <Table.Th scope="col" ta="right">
              Committed
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {pools.map((pool) => (
            <Table.Tr key={pool.id}>
              <Table.Th scope="row">{pool.closedAt === null ? pool.name : `${pool.name} (closed)`}</Table.Th>
              <Table.Td>
                <HexName value={pool.anchor} />
              </Table.Td>
              <Table.Td ta="right">
                {pool.balances.length === 0
                  ? "empty"
                  : pool.balances.map(({ asset, amount }) => (
                      <div key={asset.address}>{amountText(amount, asset)}</div>
                    ))}
              </Table.Td>
              <Table.Td ta="right">
                {pool.balances.map(({ asset, committed }) => (
                  <div key={asset.address}>{amountText(committed, asset)}</div>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
