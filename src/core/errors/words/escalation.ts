/** Words for the errors of the action catalog and of escalations. `{name}` stands for an argument of the error. */
export const escalationErrorWords = {
  ActionCatalogInvalidCapability: "A capability has a name and 1 to {maximum} actions, not {actions}.",
  ActionCatalogInvalidImpact:
    "The values do not belong to kind of impact {impact}: fixed impact {fixedImpact}, amount in word {amountWord}, asset in word {assetWord}.",
  ActionCatalogInvalidInverse:
    "{selector} of {target} cannot be the inverse: it takes a target and a function, other than the action itself.",
  ActionCatalogInvalidReversibility: "Reversibility is in percent, 0 to 100, not {percent}.",
  ActionCatalogInvalidScope: "{name} is not the name of a scope: printable ASCII, without a space at either end.",
  ActionCatalogInvalidSignature:
    "{signature} is not a canonical signature. Write it as in withdraw(bytes32,address,uint256): no spaces, no names, uint256 for uint.",
  ActionCatalogNotRegistered: "The catalog does not list {selector} of {target}. Register the action first.",
  ActionCatalogRepeatedAction: "{selector} of {target} stands in the capability twice.",
  ActionCatalogTooManyScopes: "There are {maximum} scopes, which is the most there can be.",
  ActionCatalogUnreadableArgument:
    "Word {word} of {signature} is no {required} that could be read: it must be an argument of that type, of a function without tuples and arrays.",
  EscalationsAlreadyOpen: "This call waits for an answer or has been approved already (status {status}).",
  EscalationsCallerDenied:
    "{caller} may not make this call at all (verdict {verdict}): an escalation lifts a limit, and gives no permission.",
  EscalationsNotAuthority: "Approvals are spent by {authority} alone.",
  EscalationsNothingCrossed: "The call is inside every limit: make it.",
  EscalationsNotOpenYet: "{caller} can resolve this from {opensAt} on.",
  EscalationsNotResolver:
    "{anchor} resolves at position {position} of the path, or its substitute; {caller} is neither.",
  EscalationsOwnRequest: "Who asked cannot approve, and neither can its substitute. The next one up the path can.",
  EscalationsResolverNotLive: "{caller} is no live anchor (until {liveUntil}). It has to check in first.",
  EscalationsUnexpectedStatus: "The escalation is in status {status}, and this needs {required}.",
} as const;
