import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bridgeFile, isRecord, remoteFile, type ServedFile } from '@mcpgw/registry/contract';

/** Reads the files that the registry wrote for servers; a file is read again when it was replaced. */
export interface FilesOf<File> {
  /** Undefined: the bridge may not run this server (no file, not readable, another version). The same object as long as its file is unchanged. */
  read: (id: string) => File | undefined;
}
export type ServerFiles = FilesOf<ServedFile>;

interface Seen<File> {
  stamp: string;
  file: File | undefined;
}
interface Schema<File> {
  parse: (value: unknown) => File;
}

/** A program, or a remote server. */
const serverFile: Schema<ServedFile> = {
  parse(value) {
    // Earlier versions wrote no kind for a program.
    const isProgram = isRecord(value) && (value['kind'] ?? 'program') === 'program';
    return isProgram ? bridgeFile.parse(value) : remoteFile.parse(value);
  },
};

/** Reads the programs and the remote servers in `folder`. */
export const createServerFiles = (folder: string, report: (problem: string) => void): ServerFiles =>
  createFiles(folder, serverFile, report);

/** Reads `<folder>/<id>.json`. `report` is called once for each version of a file that cannot be used. */
export function createFiles<File>(
  folder: string,
  schema: Schema<File>,
  report: (problem: string) => void,
): FilesOf<File> {
  const seen = new Map<string, Seen<File>>();

  function parse(name: string): File | undefined {
    try {
      return schema.parse(JSON.parse(readFileSync(name, 'utf8')));
    } catch (error) {
      report(`${name} cannot be used: ${(error as Error).message.slice(0, 500)}`);
      return undefined;
    }
  }
  return {
    read(id) {
      const name = join(folder, `${id}.json`);
      const stat = statSync(name, { throwIfNoEntry: false, bigint: true });
      if (stat === undefined) {
        seen.delete(id);
        return undefined;
      }
      const stamp = `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
      const before = seen.get(id);
      if (before?.stamp === stamp) return before.file;
      const file = parse(name);
      seen.set(id, { stamp, file });
      return file;
    },
  };
}
