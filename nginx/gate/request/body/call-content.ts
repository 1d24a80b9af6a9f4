import type { Era } from './era.ts';

/** What was read of a call's body. */
export interface CallContent {
  era: Era;
  /** The request's id as the client wrote it. */
  id: string | undefined;
  /** Messages; 1 where there is no body. */
  count: number;
  methods: readonly string[];
  tools: readonly string[];
  prompts: readonly string[];
  resources: readonly string[];
  /** Arguments, redacted, where the server asks for them. */
  recorded?: string | undefined;
}
