import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Runs `work` while no other command of this clone sets up: two installs in one folder would destroy each other. */
export async function withSetupLock({ root, report }, work) {
  mkdirSync(join(root, ".mandate"), { recursive: true });
  const lock = join(root, ".mandate/setup.lock");
  let told = false;
  while (!take(lock)) {
    const holder = readHolder(lock);
    if (holder === "gone") continue;
    if (!isRunning(holder)) {
      discard(lock, holder);
      continue;
    }
    if (!told)
      report(
        `Process ${holder} is setting up this folder; waiting for it (if there is none: delete .mandate/setup.lock)`,
      );
    told = true;
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Creates the lock with its content in one step (a link to a written file), so that nobody ever reads half of it. */
function take(lock) {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** What the lock says of its owner: a process id, or "gone". */
function readHolder(lock) {
  try {
    return readFileSync(lock, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return "gone";
    throw error;
  }
}

function isRunning(holder) {
  const pid = Number.parseInt(holder, 10);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Takes a dead process's lock away, by moving it first: of two that try, one succeeds. */
function discard(lock, deadHolder) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  const moved = readHolder(aside);
  if (moved === deadHolder) rmSync(aside, { force: true });
  else renameSync(aside, lock); // between reading and moving another process had replaced it: give it back
}
