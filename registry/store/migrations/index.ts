import type { Migration } from 'kysely/migration';
import { core } from './0001-core.ts';

/** Every migration by name, in order. Forward only: a landed one is never edited. */
export const MIGRATIONS: Record<string, Migration> = { '0001-core': core };
