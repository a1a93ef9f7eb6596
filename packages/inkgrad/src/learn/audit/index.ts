/** What is to be known of a table before one learns from it. */

export { audit } from "./audit.js";
export type { Audit, AuditWarning, ColumnAudit } from "./audit.js";
export type { Role } from "./column.js";
