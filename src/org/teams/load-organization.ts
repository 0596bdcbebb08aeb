import { checkOrganization } from "./check-organization.ts";
import type { OrganizationFinding } from "./finding.ts";
import { organizationSchema } from "./organization-schema.ts";
import type { Organization } from "./organization.ts";

export type LoadedOrganization =
  | { readonly loaded: true; readonly organization: Organization }
  | { readonly loaded: false; readonly findings: readonly OrganizationFinding[] };

/** Reads an organization from parsed JSON and checks it; refused with everything that is wrong, not with the first only. */
export function loadOrganization(json: unknown): LoadedOrganization {
  const parsed = organizationSchema.safeParse(json);
  if (!parsed.success) {
    const findings = parsed.error.issues.map((issue): OrganizationFinding => {
      return { kind: "unreadable", at: issue.path.join("."), problem: issue.message };
    });
    return { loaded: false, findings };
  }
  const findings = checkOrganization(parsed.data);
  return findings.length === 0 ? { loaded: true, organization: parsed.data } : { loaded: false, findings };
}
