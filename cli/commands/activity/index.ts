export { addAuditCommands } from './audit.ts';
export { addCallsCommands } from './calls.ts';
