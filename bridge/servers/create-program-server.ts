import { join } from 'node:path';
import type { BridgeFile } from '@mcpgw/registry/contract';
import { BridgeError } from '../bridge-error.ts';
import type { Capacity } from './capacity.ts';
import { createServer, type RegisteredServer } from './create-server.ts';
import { startProgramChild, type ProgramSettings } from './start-program-child.ts';

export interface ProgramDeps extends ProgramSettings {
  capacity: Capacity;
  /** Contains a private folder of each server, which is its working directory unless another is configured. */
  homes: string;
}

const tooMany = (path: string, limit: number) =>
  new BridgeError(
    'program_busy',
    `"${path}" has ${limit} processes already, all with calls in progress`,
    'Try again when one of them has responded, or raise "maxProcesses" of the server.',
  );

/** Creates a server that is a program. */
export function createProgramServer(
  first: BridgeFile,
  { capacity, homes, ...settings }: ProgramDeps,
): RegisteredServer<BridgeFile> {
  const home = join(homes, first.id);
  return createServer(first, {
    capacity,
    full: tooMany,
    limits: ({ program }) => program.process,
    start: (file, options) => startProgramChild({ ...settings, ...options, file, home }),
  });
}
