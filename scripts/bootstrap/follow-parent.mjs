// Loaded into the command that bootstrap runs: stops it, the orderly way, when bootstrap itself was killed hard.
// Descriptor 3 is a pipe whose other end only bootstrap holds.
import { Socket } from "node:net";

const parent = new Socket({ fd: 3 });
parent.on("error", () => {}); // a broken pipe closes right after, and closing is what counts
parent.on("close", () => process.kill(process.pid, "SIGTERM"));
parent.resume();
parent.unref();
