import { need, seconds, type Handlers } from "./handler.ts";
import type { Change } from "./rows.ts";

/** As `IConstitution.Stricter` counts them. */
const stricterOf = ["lower", "higher"] as const;

/** The constitution's parameters, changes and rates; the catalog's actions and capabilities. */
export const policyHandlers: Handlers = {
  ParameterDefined: {
    fold: (_rows, { parameter, terms, value, reason }, log) => [
      {
        entity: "parameter",
        id: parameter,
        row: { ...terms, stricter: stricterOf[terms.stricter] ?? "lower" },
      },
      {
        entity: "parameterValue",
        id: `${parameter}/0`,
        row: { parameter, team: 0, value, version: 1, since: seconds(log), reason },
      },
    ],
  },
  ChangeProposed: {
    fold: (_rows, { parameter, team, value, enactableFrom, expiresAt, required, reason }, log) => [
      {
        entity: "parameterChange",
        id: `${parameter}/${team}`,
        row: {
          parameter,
          team,
          status: "pending",
          value,
          proposedAt: seconds(log),
          enactableFrom,
          expiresAt,
          consents: [],
          consented: 0,
          required,
          reason,
        },
      },
    ],
  },
  ChangeConsented: {
    reads: ({ parameter }) => [{ entity: "parameterChange", id: `${parameter}/0` }],
    fold: (rows, { parameter, team, consents }) => {
      const id = `${parameter}/0`; // only an office value takes consents; `team` is who gave it
      const before = need(rows, "parameterChange", id);
      return [
        {
          entity: "parameterChange",
          id,
          row: { ...before, consents: [...before.consents, team], consented: consents },
        },
      ];
    },
  },
  ChangeCancelled: {
    reads: ({ parameter, team }) => [{ entity: "parameterChange", id: `${parameter}/${team}` }],
    fold: (rows, { parameter, team }) => {
      const id = `${parameter}/${team}`;
      return [{ entity: "parameterChange", id, row: { ...need(rows, "parameterChange", id), status: "cancelled" } }];
    },
  },
  ValueSet: {
    reads: ({ parameter, team }) => [{ entity: "parameterChange", id: `${parameter}/${team}` }],
    fold: (rows, { parameter, team, version, value, reason }, log) => {
      const id = `${parameter}/${team}`;
      const change = rows.get("parameterChange", id);
      const set: Change = {
        entity: "parameterValue",
        id,
        row: { parameter, team, value, version, since: seconds(log), reason },
      };
      // A value that was set at once leaves a change that waits alone, unless it is the very one.
      if (change?.status !== "pending" || change.value !== value) return [set];
      return [set, { entity: "parameterChange", id, row: { ...change, status: "enacted" } }];
    },
  },
  AssetDefined: {
    fold: (_rows, { asset, minimumRate, maximumRate }) => [
      { entity: "assetRate", id: asset, row: { minimumRate, maximumRate, rate: null, validUntil: 0 } },
    ],
  },
  // Told twice, by the constitution and by the authority that learns it: the same values.
  RateSet: {
    reads: ({ asset }) => [{ entity: "assetRate", id: asset }],
    fold: (rows, { asset, rate, validUntil }) => [
      { entity: "assetRate", id: asset, row: { ...need(rows, "assetRate", asset), rate, validUntil } },
    ],
  },
  ScopeNamed: { fold: (_rows, { scope, name }) => [{ entity: "scope", id: scope.toString(), row: { name } }] },
  ActionRegistered: {
    fold: (_rows, { target, selector, version, registration, reason }, log) => [
      {
        entity: "catalogAction",
        id: `${target}/${selector}`,
        row: { ...registration, target, selector, status: "listed", version, reason, since: seconds(log) },
      },
    ],
  },
  ActionRetired: {
    reads: ({ target, selector }) => [{ entity: "catalogAction", id: `${target}/${selector}` }],
    fold: (rows, { target, selector, version, reason }, log) => {
      const id = `${target}/${selector}`;
      const before = need(rows, "catalogAction", id);
      return [
        { entity: "catalogAction", id, row: { ...before, status: "retired", version, reason, since: seconds(log) } },
      ];
    },
  },
  CapabilityDefined: {
    fold: (_rows, { capability, version, actions, reason }, log) => [
      { entity: "capability", id: capability, row: { version, actions, reason, since: seconds(log) } },
    ],
  },
};
