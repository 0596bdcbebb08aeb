import { expect, it } from "vitest";
import { party } from "../../../test/support/notify-state.ts";
import type { Notice } from "../notices/notice.ts";
import { routeOf, type Subscription } from "./subscription.ts";

const notice: Notice = {
  id: "n",
  rule: "task-ends",
  urgency: "action",
  addresses: [party(1)],
  teams: [3],
  anchor: party(2),
  since: 0,
  dueAt: null,
  title: "t",
  text: "x",
  command: null,
};
const to = (interest: Subscription["to"], more: Partial<Subscription> = {}): Subscription => ({
  to: interest,
  urgency: "notice",
  channels: ["c"],
  ...more,
});
const route = (...subscriptions: readonly Subscription[]) => routeOf(notice, subscriptions, ["rest"]);

it.each([
  ["its address", to({ address: party(1) }), ["c"]],
  ["another address", to({ address: party(2) }), ["rest"]],
  ["its team", to({ team: 3 }), ["c"]],
  ["another team", to({ team: 4 }), ["rest"]],
  ["its anchor", to({ anchor: party(2) }), ["c"]],
  ["another anchor", to({ anchor: party(1) }), ["rest"]],
  ["everything", to({ everything: true }), ["c"]],
  ["its rule", to({ everything: true }, { rules: ["task-ends"] }), ["c"]],
  ["another rule", to({ everything: true }, { rules: ["grant-ends"] }), ["rest"]],
  ["its urgency", to({ everything: true }, { urgency: "action" }), ["c"]],
  ["more urgency", to({ everything: true }, { urgency: "urgent" }), ["rest"]],
])("given a subscription to %s, it goes to", (_what, subscription, channels) => {
  expect(route(subscription)).toEqual(channels);
});

it("given several subscriptions, it goes to each channel once; given none, to those for the rest", () => {
  expect(route(to({ team: 3 }), to({ everything: true }, { channels: ["c", "d"] }))).toEqual(["c", "d"]);
  expect(route()).toEqual(["rest"]);
});
