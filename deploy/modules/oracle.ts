import { buildModule } from "@nomicfoundation/ignition-core";
import authorityModule from "./authority.ts";

/** Scores and τ are fixed-point: 1e18 is 1. */
export default buildModule("Oracle", (m) => {
  const { authority } = m.useModule(authorityModule);
  const keys = m.contract("OperatorKeys", [authority]);
  const oracle = m.contract("HeartbeatOracle", [
    authority,
    {
      operatorKeys: keys,
      genesis: m.getParameter<number>("genesisUnixSeconds"),
      epochSeconds: m.getParameter<number>("epochSeconds"),
      reportDeadlineSeconds: m.getParameter<number>("reportDeadlineSeconds"),
      threshold: {
        initial: m.getParameter<bigint>("initialThresholdE18"),
        minimum: m.getParameter<bigint>("minimumThresholdE18"),
        maximum: m.getParameter<bigint>("maximumThresholdE18"),
        step: m.getParameter<bigint>("thresholdStepE18"),
        gain: m.getParameter<bigint>("thresholdGainE18"),
        targetSurvival: m.getParameter<bigint>("targetSurvivalE18"),
      },
      bounds: {
        softStep: m.getParameter<bigint>("softStepE18"),
        lostShare: m.getParameter<bigint>("lostShareE18"),
        lostLeaves: m.getParameter<number>("lostLeaves"),
      },
    },
  ]);
  const calendar = m.contract("ReviewCalendar", [
    authority,
    m.getParameter<number>("genesisUnixSeconds"),
    m.getParameter<number>("reviewPeriodSeconds"),
    m.getParameter<number>("reviewBeginSeconds"),
  ]);
  const fund = m.contract("ReportFund", [authority, oracle]);
  return { keys, oracle, calendar, fund };
});
