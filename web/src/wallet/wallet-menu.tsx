import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useConnect, useConnection, useConnectors, useDisconnect, useSwitchChain } from "wagmi";
import { HexName } from "../format/names.tsx";

/** Connects one of the wallets that announced themselves to this page, and says which account acts. */
export function WalletMenu({ chainId }: { readonly chainId: number }) {
  const [opened, dialog] = useDisclosure(false);
  const connection = useConnection();
  const disconnect = useDisconnect();
  const switchChain = useSwitchChain();

  if (connection.address !== undefined) {
    return (
      <Group gap="xs">
        <Text size="sm">Wallet</Text>
        <HexName value={connection.address} />
        {connection.chainId !== chainId && (
          <Button
            color="orange"
            onClick={() => {
              switchChain.mutate({ chainId });
            }}
          >
            Switch to chain {chainId}
          </Button>
        )}
        <Button
          variant="subtle"
          onClick={() => {
            disconnect.mutate({});
          }}
        >
          Disconnect
        </Button>
      </Group>
    );
  }
  return (
    <>
      <Button onClick={dialog.open}>Connect wallet</Button>
      <Modal opened={opened} onClose={dialog.close} title="Connect a wallet" centered>
        <WalletList onConnected={dialog.close} />
      </Modal>
    </>
  );
}

function WalletList({ onConnected }: { readonly onConnected: () => void }) {
  const connectors = useConnectors();
  const connect = useConnect();
  return (
    <Stack>
      {connectors.length === 0 && (
        <Text>
          No wallet announced itself to this page. Install a browser wallet, allow it on this page, then reload.
        </Text>
      )}
      {connectors.map((connector) => (
        <Button
          key={connector.uid}
          variant="default"
          loading={connect.isPending && connect.variables.connector === connector}
          leftSection={
            connector.icon === undefined ? undefined : <img src={connector.icon} alt="" width={20} height={20} />
          }
          onClick={() => {
            connect.mutate({ connector }, { onSuccess: onConnected });
          }}
        >
          {connector.name}
        </Button>
      ))}
      {connect.error !== null && (
        <Alert color="red" title="Not connected">
          {connect.error.message}
        </Alert>
      )}
    </Stack>
  );
}
