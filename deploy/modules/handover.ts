import { buildModule } from "@nomicfoundation/ignition-core";
import { roleId } from "../permissions.ts";
import { wiringModule } from "./wiring.ts";

/**
 * The whole system, governed by its timelock: the timelock becomes admin with the least delay that the authority allows,
 * then the deployer gives up its own admission. After that the deployer can do nothing.
 */
export const handoverModule = (dataResources: readonly string[]) =>
  buildModule("Mandate", (m) => {
    const wiring = wiringModule(dataResources);
    const contracts = m.useModule(wiring);
    const admin = roleId("ADMIN_ROLE");
    const minAdminDelaySeconds = m.getParameter<number>("minAdminDelaySeconds");
    const handover = m.call(
      contracts.Authority,
      "grantRole",
      [admin, contracts.TimelockController, minAdminDelaySeconds],
      {
        id: "Role_ADMIN_ROLE_TimelockController",
        after: [wiring],
      },
    );
    m.call(contracts.Authority, "renounceRole", [admin, m.getAccount(0)], {
      id: "DeployerRenounces",
      after: [handover],
    });
    return contracts;
  });
