import { buildModule, type Future } from "@nomicfoundation/ignition-core";
import { stringToHex, zeroAddress } from "viem";
import { contractKind } from "../../src/chain/contract-kind.ts";
import { catalog, dataReadFacts, impactKinds, selectorOf } from "../catalog.ts";
import { parameterDefinitions, parameterId, termsOf } from "../constitution.ts";
import {
  journaledContracts,
  offices,
  permissions,
  roleId,
  selectorsOf,
  systemHolders,
  type Permission,
} from "../permissions.ts";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import { dataReadSelector, dataTarget } from "../../src/core/data-action.ts";
import contractsModule from "./contracts.ts";

const inSlot = (text: string) => stringToHex(text, { size: 32 });

/**
 * Functions get their roles, roles their holders, the constitution its parameters, the catalog its first actions, and every
 * contract with a journal is entered in the registry.
 * @param dataResources Rows of services that can be read by just-in-time grants from the beginning.
 */
export const wiringModule = (dataResources: readonly string[]) =>
  buildModule("Wiring", (m) => {
    const contracts = m.useModule(contractsModule);
    const authority = contracts.Authority;
    const minAdminDelaySeconds = m.getParameter<number>("minAdminDelaySeconds");
    const reason = documentHash({ reason: "deployment" });

    const permit = ({ contract, role, functions, granter }: Permission, after: Future[]): Future[] => {
      const selectors = selectorsOf({ contract, role, functions });
      const call = [contracts[contract], selectors, roleId(role)];
      const done: Future[] = [
        m.call(authority, "setTargetFunctionRole", call, { id: `FunctionRole_${contract}_${role}`, after }),
      ];
      if (granter === undefined) return done;
      const granted = selectors.map((selector) =>
        m.call(authority, "setActionGranter", [contracts[contract], selector, roleId(granter)], {
          id: `Granter_${contract}_${selector}`,
          after,
        }),
      );
      return [...done, ...granted];
    };

    // What contracts of the system may do for each other comes first: the catalog's entries below rest on it.
    const holders = systemHolders.map(({ contract, role }) =>
      m.call(authority, "grantRole", [roleId(role), contracts[contract], 0], { id: `Role_${role}_${contract}` }),
    );
    const ownFunctions = permissions.filter(({ contract }) => contract === "Authority");
    const linked = [...holders, ...ownFunctions.flatMap((permission) => permit(permission, []))];

    // The deployer, still admin, defines what offices can only change later.
    const founding: Future[] = [
      m.call(contracts.Constitution, "wireTeams", [contracts.Teams]),
      m.call(authority, "setEscalations", [contracts.Escalations]),
      ...parameterDefinitions.map((definition) =>
        m.call(
          contracts.Constitution,
          "defineParameter",
          [parameterId(definition), termsOf(definition), m.getParameter<number>(definition.value), reason],
          { id: `Parameter_${definition.name.replace(".", "_")}` },
        ),
      ),
      ...catalog.map((entry) => {
        const target = contracts[entry.contract];
        const registration = {
          target,
          signature: entry.signature,
          impact: impactKinds[entry.impact],
          fixedImpact: 0,
          amountWord: entry.amountWord,
          assetWord: entry.assetWord,
          scope: inSlot(entry.scope),
          reversibility: entry.reversibilityPercent,
          inverseTarget: target,
          inverseSelector: selectorOf(entry.inverse),
        };
        const id = `Action_${entry.contract}_${selectorOf(entry.signature)}`;
        return m.call(contracts.ActionCatalog, "registerAction", [registration, reason], { id, after: linked });
      }),
    ];
    for (const resource of dataResources) {
      const target = dataTarget(resource);
      const name = target.slice(2);
      m.call(authority, "setTargetFunctionRole", [target, [dataReadSelector], roleId("GRANT_ROLE")], {
        id: `DataRole_${name}`,
      });
      m.call(authority, "setActionGranter", [target, dataReadSelector, roleId("GRANTER_ROLE")], {
        id: `DataGranter_${name}`,
      });
      const registration = {
        target,
        signature: dataReadFacts.signature,
        impact: impactKinds.none,
        fixedImpact: 0,
        amountWord: 0,
        assetWord: 0,
        scope: inSlot(dataReadFacts.scope),
        reversibility: dataReadFacts.reversibilityPercent,
        inverseTarget: zeroAddress,
        inverseSelector: "0x00000000",
      };
      founding.push(
        m.call(contracts.ActionCatalog, "registerAction", [registration, reason], {
          id: `DataFacts_${name}`,
          after: linked,
        }),
      );
    }

    const permitted = permissions
      .filter(({ contract }) => contract !== "Authority")
      .flatMap((permission) => permit(permission, founding));
    m.call(contracts.CircuitBreaker, "refreshLimits", [], { after: [...linked, ...permitted] });
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
        after: founding,
      });
    }
    return contracts;
  });
