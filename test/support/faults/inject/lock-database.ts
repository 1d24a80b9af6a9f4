import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Locks a SQLite file from another process, as a faulty backup tool does, until the returned function is called. */
export async function lockDatabase(file: string): Promise<() => Promise<void>> {
  const node = join(import.meta.dirname, '../../../../node_modules/.bin/node');
  const child = spawn(node, [import.meta.filename, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const first = (await Promise.race([once(child.stdout, 'data'), ended])) as unknown[];
  if (String(first[0]).trim() !== 'locked') throw new Error(`the database could not be locked: ${String(first[0])}`);
  return async () => {
    child.stdin.end();
    await ended;
  };
}

// The other process is this same file.
if (import.meta.main) {
  const db = new Database(process.argv[2] ?? '', { timeout: 10_000 });
  db.exec('BEGIN EXCLUSIVE');
  process.stdout.write('locked\n');
  process.stdin.resume();
  process.stdin.once('end', () => {
    db.exec('ROLLBACK');
    process.exit(0);
  });
}
