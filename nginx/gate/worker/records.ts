import { platform } from 'platform/system';
import { createRecords } from '../access/records/index.ts';

/** What this worker knows of the access files. */
export const records = createRecords({ platform, folder: GATE_SETTINGS.accessDir, inotify: true });
