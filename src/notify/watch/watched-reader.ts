import type { ChainPosition, ChainReader } from "../../chain/follow/chain-reader.ts";

/** The reader, which tells where the chain stands each time that the node answers it. */
export function watchedReader(reader: ChainReader, onPosition: (position: ChainPosition) => void): ChainReader {
  return {
    async position() {
      const position = await reader.position();
      onPosition(position);
      return position;
    },
    headers: (numbers) => reader.headers(numbers),
    logs: (addresses, range) => reader.logs(addresses, range),
    storage: (addresses, slot, blockHash) => reader.storage(addresses, slot, blockHash),
  };
}
