/** The parts of the client formats that need neither files nor parsers, so that the UI can use them too. */
export { FOREIGN_LISTS } from './list-entries.ts';
export { isServerEntry } from './read-client-entry.ts';
export { readClientServer } from './read-client-server.ts';
export { splitCommand } from './split-command.ts';
