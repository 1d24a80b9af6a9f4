import { describe } from 'vitest';
import { testCommands } from './commands.ts';
import { testConnecting } from './connecting.ts';
import { testExamples } from './examples.ts';
import { startOneGateway } from './on-one-gateway.ts';
import { testStopAndRestore } from './stop-and-restore.ts';

const on = startOneGateway();
describe('commands', () => testCommands(on));
describe('connect', () => testConnecting(on));
describe('examples', () => testExamples(on));
describe('on its machine', () => testStopAndRestore(on));
