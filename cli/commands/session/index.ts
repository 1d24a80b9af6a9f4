export { addLoginCommands } from './login.ts';
export { addStatusCommand } from './status.ts';
