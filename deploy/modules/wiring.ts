import { buildModule } from "@nomicfoundation/ignition-core";
import { contractKind } from "../../src/chain/contract-kind.ts";
import { journaledContracts, offices, permissions, roleId, selectorsOf, systemHolders } from "../permissions.ts";
import { dataReadSelector, dataTarget } from "../../src/core/data-action.ts";
import contractsModule from "./contracts.ts";

/**
 * Functions get their roles, roles their holders, and every contract with a journal is entered in the registry.
 * @param dataResources Rows of services that can be read by just-in-time grants from the beginning.
 */
export const wiringModule = (dataResources: readonly string[]) =>
  buildModule("Wiring", (m) => {
    const contracts = m.useModule(contractsModule);
    const authority = contracts.Authority;
    const minAdminDelaySeconds = m.getParameter<number>("minAdminDelaySeconds");

    for (const permission of permissions) {
      const id = `FunctionRole_${permission.contract}_${permission.role}`;
      m.call(
        authority,
        "setTargetFunctionRole",
        [contracts[permission.contract], selectorsOf(permission), roleId(permission.role)],
        { id },
      );
      if (permission.granter === undefined) continue;
      for (const selector of selectorsOf(permission)) {
        const call = [contracts[permission.contract], selector, roleId(permission.granter)];
        m.call(authority, "setActionGranter", call, { id: `Granter_${permission.contract}_${selector}` });
      }
    }
    for (const resource of dataResources) {
      const target = dataTarget(resource);
      const name = target.slice(2);
      m.call(authority, "setTargetFunctionRole", [target, [dataReadSelector], roleId("GRANT_ROLE")], {
        id: `DataRole_${name}`,
      });
      m.call(authority, "setActionGranter", [target, dataReadSelector, roleId("GRANTER_ROLE")], {
        id: `DataGranter_${name}`,
      });
    }
    for (const { contract, role } of systemHolders) {
      m.call(authority, "grantRole", [roleId(role), contracts[contract], 0], { id: `Role_${role}_${contract}` });
    }
    for (const { role, parameter } of offices) {
      m.call(authority, "grantRole", [roleId(role), m.getParameter<string>(parameter), 0], {
        id: `Role_${role}_${parameter}`,
      });
    }
    for (const contract of journaledContracts) {
      m.call(authority, "registerContract", [contracts[contract], contractKind(contract)], {
        id: `Register_${contract}`,
      });
      m.call(authority, "setTargetAdminDelay", [contracts[contract], minAdminDelaySeconds], {
        id: `AdminDelay_${contract}`,
      });
    }
    return contracts;
  });
