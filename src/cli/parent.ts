/** Set by whoever supervises this process and holds the other end of its standard input. */
export const supervisedVariable = "MANDATE_SUPERVISED";

/**
 * A supervised process ends when its parent is gone, however it went: the parent's end of standard input closes.
 * Otherwise a parent that is killed would leave its services running.
 */
export function endWithParent(): void {
  if (process.env[supervisedVariable] !== "1") return;
  process.stdin.resume();
  process.stdin.once("close", () => process.kill(process.pid, "SIGTERM"));
  process.stdin.unref(); // waiting for the parent alone keeps no command alive
}
