import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Confinement } from '../../../registry/contract/index.ts';
import type { BridgedProgram, RunningBridge } from './start-bridge.ts';
import { ODD } from './stdio-servers.ts';

/** The result of a command that the program ran. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The text of a tool's result. */
export async function callText(client: Client, name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = (await client.callTool({ name, arguments: args })) as { content: { text: string }[] };
  return content[0]?.text ?? '';
}

/** Runs a command in the program behind `client`. */
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
