/** One stage of `npm run bench:oracle` in a process of its own: prints its result and its peak of memory as JSON. */
import { stages, type StageName } from "./stages.ts";

const [name = "", projects = "", definitions = ""] = process.argv.slice(2);
if (!Object.hasOwn(stages, name)) throw new TypeError(`no stage ${name}`);
const result = await stages[name as StageName]({ projects: Number(projects), definitions: Number(definitions) });
const peakMegabytes = Math.round((process.resourceUsage().maxRSS * 1_024) / 1e6);
console.log(JSON.stringify({ ...result, peakMegabytes }));
