import { handoverModule } from "./handover.ts";

/** The system as an organization deploys it. Governance registers data resources later. */
export default handoverModule([]);
