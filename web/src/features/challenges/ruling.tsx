import { List, Text } from "@mantine/core";
import type { ChallengeAnswer } from "../../../../src/core/api/challenges.ts";
import { ChainTime, HexName } from "../../format/names.tsx";

type Ruler = ChallengeAnswer["rulers"][number];

/** Why somebody who sits on the path does not rule. */
const parties: Readonly<Record<NonNullable<Ruler["party"]>, string>> = {
  challenger: "it challenged",
  payee: "it is the payee",
  member: "it is a member of the team",
  operator: "it signed the score",
  "plan-anchor": "it answers for the plan",
  "team-anchor": "it answers for the team",
};

function RulerWords({ ruler }: { readonly ruler: Ruler }) {
  const { anchor, substitute, opensAt, open, party } = ruler;
  const seats = (
    <>
      <HexName value={anchor} />
      {substitute !== null && (
        <>
          {" "}
          or <HexName value={substitute} />
        </>
      )}
    </>
  );
  if (party !== null) {
    return (
      <>
        {seats} may not rule: {parties[party]}
      </>
    );
  }
  return (
    <>
      {seats} {open ? "may rule now" : <>may rule from {<ChainTime seconds={opensAt} />} on, if it is live</>}
    </>
  );
}

/** Who ruled and how, or who has to. */
export function Ruling({ challenge }: { readonly challenge: ChallengeAnswer }) {
  const { status, rulers, ruler, lowered } = challenge;
  switch (status) {
    case "open":
      return (
        <List size="sm" aria-label="Who rules">
          {rulers.map((each) => (
            <List.Item key={each.position}>
              <RulerWords ruler={each} />
            </List.Item>
          ))}
        </List>
      );
    case "upheld":
    case "rejected":
      return (
        <Text size="sm">
          {status === "upheld" ? "Upheld" : "Rejected"} by {ruler !== null && <HexName value={ruler} />}
          {status === "upheld" && (lowered ? "; the team lost a tier" : "; no tier was lost")}
        </Text>
      );
    case "withdrawn":
      return <Text size="sm">Withdrawn by its challenger</Text>;
    case "lapsed":
      return <Text size="sm">Nobody ruled; the bond can be returned</Text>;
    case "returned":
      return <Text size="sm">Nobody ruled; the bond was returned</Text>;
  }
}
