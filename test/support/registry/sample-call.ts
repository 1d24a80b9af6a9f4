import type { CallLogLine } from '../../../registry/contract/gate/call-log.ts';

/** The content of every sample line of calls.log: an allowed call of one tool, without its time and id. */
export const SAMPLE_CALL: Omit<CallLogLine, 'time' | 'id'> = {
  trace: null,
  http: 'POST',
  agent: 'claude',
  key: null,
  server: 'weather',
  instance: 'i1',
  era: 'modern',
  methods: ['tools/call'],
  tools: ['forecast'],
  prompts: [],
  resources: [],
  toolError: null,
  arguments: null,
  result: null,
  status: 200,
  bytesIn: 1,
  bytesOut: 2,
  durationMs: 10,
  upstreamMs: 9,
  verdict: 'allowed',
  reason: null,
  address: '127.0.0.1',
};
