import type { Era } from './era.ts';

/** What was read from a call's body. */
export interface CallContent {
  era: Era;
  /** The request's id as the client wrote it. */
  id: string | undefined;
  /** Number of messages; 1 without a body. */
  count: number;
  methods: readonly string[];
  tools: readonly string[];
  prompts: readonly string[];
  resources: readonly string[];
  /** Arguments, redacted, if the server has them recorded. */
  recorded?: string | undefined;
}
