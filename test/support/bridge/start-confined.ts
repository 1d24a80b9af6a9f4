import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Confinement } from '../../../registry/contract/index.ts';
import type { BridgedProgram, RunningBridge } from './start-bridge.ts';
import { ODD } from './stdio-servers.ts';

/** How a command ended that the program was told to run. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The text that a tool answers. */
export async function callText(client: Client, name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = (await client.callTool({ name, arguments: args })) as { content: { text: string }[] };
  return content[0]?.text ?? '';
}

/** Lets the program behind `client` run a command. */
export const runInside = async (client: Client, words: string[]): Promise<Ended> =>
  JSON.parse(await callText(client, 'run', { words })) as Ended;

/** Starts the odd program with this confinement. */
export async function startConfined(
  bridge: RunningBridge,
  id: string,
  confinement: Partial<Confinement> = {},
  more: Partial<BridgedProgram> = {},
) {
  bridge.register(id, { ...ODD, confinement, ...more });
  const { client, transport } = await bridge.connect(id);
  return {
    client,
    run: (...words: string[]) => runInside(client, words),
    home: join(bridge.folder, 'homes', id),
    end: () => transport.terminateSession(),
  };
}
