import { buildModule } from "@nomicfoundation/ignition-core";
import mandateModule from "./mandate.ts";

/** The system and a test token without value: for local chains only. */
export default buildModule("Local", (m) => ({ ...m.useModule(mandateModule), TestToken: m.contract("TestToken") }));
