/** What of clients' forms needs no file and no parser, so that the UI reads them too. */
export { FOREIGN_LISTS } from './list-entries.ts';
export { isServerEntry } from './read-client-entry.ts';
export { readClientServer } from './read-client-server.ts';
export { splitCommand } from './split-command.ts';
