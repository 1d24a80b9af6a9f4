import type { Command } from 'commander';
import { addConfigApply } from './apply.ts';
import { addConfigExport } from './export.ts';
import { addConfigImport } from './import.ts';
import { addConfigStatus } from './status.ts';
import { addConfigValidate } from './validate.ts';

/** Configuration files, and the whole state as a document. */
export function addConfigCommands(program: Command): void {
  const config = program
    .command('config')
    .summary('configuration files: check, compare, apply; export and import')
    .description('Configuration as files, and the whole state of a gateway as one document.');
  addConfigValidate(config);
  addConfigApply(config);
  addConfigExport(config);
  addConfigImport(config);
  addConfigStatus(config);
}
