import { endWhatRuns } from "../../src/stack/native-process.ts";

// Vitest's workers would die of a signal, or stay at their parent's end, and what a test has started would go on.
// Vitest catches an exit; nothing is left to do that a kill would cut short.
for (const end of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) {
  process.once(end, () => {
    endWhatRuns();
    process.kill(process.pid, "SIGKILL");
  });
}
