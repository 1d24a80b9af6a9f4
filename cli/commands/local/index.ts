export { addDataCommands } from './data.ts';
export { addLogsCommand } from './logs.ts';
export { addOpenCommand } from './open.ts';
export { addStartCommands } from './start.ts';
