import { buildModule } from "@nomicfoundation/ignition-core";
import authorityModule from "./authority.ts";

export default buildModule("Accountability", (m) => {
  const { authority } = m.useModule(authorityModule);
  const anchors = m.contract("Anchors", [authority, m.getParameter<number>("anchorPeriodSeconds")]);
  return { anchors };
});
