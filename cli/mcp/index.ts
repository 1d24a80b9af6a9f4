export { openClient, type Connection } from './open-client.ts';
export { readArguments } from './read-arguments.ts';
export { showResult } from './show-result.ts';
