import type { RecordingFetch } from '../transport/recording-fetch.ts';
import type { Answer } from './answer.ts';
import type { Dialect } from './dialect.ts';

/** One connection of a probe to an endpoint, by either transport. None of its methods throws: errors are in the answers. */
export interface Channel {
  request(request: RpcRequest): Promise<Answer>;
  /** Sends a notification; `reply` of the answer is always null. */
  notify(request: RpcRequest): Promise<Answer>;
  /** Ends the stream or session. */
  close(): Promise<void>;
}

export interface RpcRequest {
  method: string;
  params: Record<string, unknown>;
  dialect: Dialect;
  timeoutMs: number;
}

export interface ChannelOptions {
  /** The endpoint, without query. */
  url: string;
  /** "?…" or "". */
  query: string;
  headers: Record<string, string>;
  recording: RecordingFetch;
  /** Ends everything. */
  signal: AbortSignal;
}
