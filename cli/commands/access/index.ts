export { addAgentCommands } from './agents.ts';
export { addGrantCommands } from './grants.ts';
export { addGroupCommands } from './groups.ts';
export { addKeyCommands } from './keys.ts';
export { addKillCommands } from './kill.ts';
