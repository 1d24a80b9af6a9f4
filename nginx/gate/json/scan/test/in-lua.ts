import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileForTests } from '../../../test/compile-for-tests.ts';
import type { ScanResult } from '../types.ts';

const driver = fileURLToPath(new URL('driver.lua', import.meta.url));
const gateDir = fileURLToPath(new URL('../../..', import.meta.url));

let compiled: Promise<string> | undefined;

interface ScannedInLua {
  /** For each body the result, as `describeResult` writes it, and the steps of its keys. */
  results: { line: string; steps: number }[];
  /** The size of Lua's heap at the end. */
  heapKb: number;
}

/** Scans bodies with the compiled scanner under luajit. */
export async function scanInLua(bodies: readonly string[], hashSeed: number): Promise<ScannedInLua> {
  compiled ??= compileForTests('json/scan/index.ts');
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-scan-'));
  try {
    const file = join(folder, 'scan.lua');
    writeFileSync(file, await compiled);
    const input = Buffer.from(bodies.map((body) => `${body.length}\n${body}`).join(''), 'latin1');
    const { stdout, stderr, status } = spawnSync('luajit', [driver, file, String(hashSeed)], {
      // The hand-written modules are files beside the sources.
      env: { ...process.env, LUA_PATH: `${gateDir}?.lua;;` },
      input,
      encoding: 'latin1',
      maxBuffer: 1e9,
    });
    if (status !== 0) throw new Error(`luajit: ${stderr}`);
    const lines = stdout.trimEnd().split('\n');
    const heapKb = Number(lines.pop());
    const results = lines.map((line) => {
      const [reason, id, steps, ...messages] = line.split(';');
      return { line: [reason, id, ...messages].join(';'), steps: Number(steps) };
    });
    return { results, heapKb };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function hex(text: string | undefined): string {
  return text === undefined ? '-' : `=${Buffer.from(text, 'latin1').toString('hex')}`;
}

/** A result as one line. */
export function describeResult(result: ScanResult): string {
  if ('reason' in result) return [result.reason, hex(result.id)].join(';');
  const messages = result.messages.map((m) =>
    [
      m.kind,
      ...[m.method, m.id, m.name, m.uri, m.refName, m.refUri, m.version].map(hex),
      String(m.isFilterUnclear),
      ...(m.uris ?? []).map(hex),
    ].join(' '),
  );
  return [result.isBatch ? 'batch' : 'single', hex(result.id), ...messages].join(';');
}
