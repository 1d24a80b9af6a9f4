import { platform } from 'platform/system';
import { createRecords } from '../access/records/index.ts';

/** The access files as this worker has read them. */
export const records = createRecords({ platform, folder: GATE_SETTINGS.accessDir, inotify: true });
