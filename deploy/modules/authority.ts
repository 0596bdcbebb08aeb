import { buildModule } from "@nomicfoundation/ignition-core";

/** The authority, its lens, and the timelock through which governance acts. The deployer is admin until the handover. */
export default buildModule("Authority", (m) => {
  const minAdminDelaySeconds = m.getParameter<number>("minAdminDelaySeconds");
  const governor = m.getParameter<string>("governorAddress");

  const authority = m.contract("Authority", [m.getAccount(0), minAdminDelaySeconds], {
    libraries: { PolicyBook: m.library("PolicyBook"), TaskBook: m.library("TaskBook") },
  });
  const lens = m.contract("AuthorityLens");
  // No admin of its own: the timelock changes itself only through its own delay.
  const timelock = m.contract("TimelockController", [
    minAdminDelaySeconds,
    [governor],
    [governor],
    "0x0000000000000000000000000000000000000000",
  ]);
  return { authority, lens, timelock };
});
