/** What of clients' forms needs no file and no parser, so that the UI reads them too. */
export { readClientServer } from './read-client-server.ts';
export { splitCommand } from './split-command.ts';
