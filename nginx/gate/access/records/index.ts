export { createRecords } from './create-records.ts';
export type { Records, RecordsOptions } from './create-records.ts';
export { createStreams } from './create-streams.ts';
export type { OpenStream, Streams } from './create-streams.ts';
export { memoizeFor, memoizeForAll } from './memoize-for.ts';
export type { Access, GateRecord, Instance, KeyRecord, NoRecord, Reason, Recording, ServerRecord } from './record.ts';
