import type { Rendering } from '../plan/route-plan.ts';

/**
 * The renderer writes a line `# server <id> <path>` before the configuration of one server, and a line `# end server` after it. A server may
 * have several such blocks; they map a line that NGINX names to its server.
 */
const BEGIN = /^\s*#\s*server:?\s+([A-Za-z0-9_-]+)(?:\s|$)/;
const END = /^\s*#\s*end server\b/;

interface Block {
  serverId: string;
  file: string;
  /** Lines, counted from 1, both included. */
  from: number;
  to: number;
}

function listBlocks(rendering: Rendering): Block[] {
  const blocks: Block[] = [];
  for (const [file, text] of Object.entries(rendering)) {
    if (!file.endsWith('.conf')) continue;
    let open: Block | null = null;
    const lines = text.split('\n');
    for (const [index, line] of lines.entries()) {
      const id = BEGIN.exec(line)?.[1];
      if (id !== undefined) blocks.push((open = { serverId: id, file, from: index + 1, to: lines.length }));
      if (id !== undefined && blocks.length > 1) {
        const before = blocks.at(-2);
        if (before?.file === file && before.to === lines.length) before.to = index;
      }
      if (open !== null && END.test(line)) {
        open.to = index + 1;
        open = null;
      }
    }
  }
  return blocks;
}

/** The part of a rendering that belongs to one server, as NGINX reads it; empty if there is none. */
export function readServerBlock(rendering: Rendering, serverId: string): string {
  return listBlocks(rendering)
    .filter((block) => block.serverId === serverId)
    .map(({ file, from, to }) =>
      (rendering[file] ?? '')
        .split('\n')
        .slice(from - 1, to)
        .join('\n'),
    )
    .join('\n');
}

const EMERGENCY = /\[emerg\]\s+(?:\d+#\d+:\s*)?(.+?) in (\S+):(\d+)\s*$/m;

/** NGINX's first reason why a configuration fails, without the paths of the data folder. */
export function quoteNginx(output: string): string {
  const [, reason, path = '', line = ''] = EMERGENCY.exec(output) ?? [];
  if (reason !== undefined) return `NGINX: ${reason} (${path.split('/').at(-1) ?? ''}:${line})`;
  return `NGINX: ${/\[emerg\]\s+(?:\d+#\d+:\s*)?(.+)$/m.exec(output)?.[1] ?? output.slice(-500)}`;
}

export interface Culprit {
  serverId: string;
  /** NGINX's message, without the path of the file. */
  message: string;
}

/** Which server's part made `nginx -t` fail; null if the line it names belongs to no server, or it names none. */
export function attributeFailure(output: string, rendering: Rendering): Culprit | null {
  const found = EMERGENCY.exec(output);
  if (found === null) return null;
  const [, reason = '', path = '', line = ''] = found;
  const file = path.split('/').at(-1);
  const block = listBlocks(rendering).find(
    (candidate) => candidate.file === file && candidate.from <= Number(line) && Number(line) <= candidate.to,
  );
  return block === undefined ? null : { serverId: block.serverId, message: `NGINX: ${reason}` };
}
