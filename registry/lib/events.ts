import { EventEmitter } from 'node:events';

/** What happened, past tense; emitted after the change is committed, never before. */
export interface RegistryEvents {
  'server.registered': { serverId: string; path: string };
  'server.changed': { serverId: string; path: string };
  'server.removed': { serverId: string; path: string };
  'server.restored': { serverId: string; path: string };
  /**
   * The number of changes of servers in progress; each ends with one of the events above, or fails. `willReload`: one of them
   * reloads NGINX, unless it fails.
   */
  'servers.changing': { count: number; willReload?: boolean };
  /** The result of a probe was stored; `changed` when the health differs from the previous one. */
  'health.checked': { serverId: string; path: string; changed: boolean };
  /** The location of an endpoint or the addresses of an instance changed: the configuration must be published again. */
  'endpoints.changed': { serverId: string; path: string };
  'tools.changed': { serverId: string; path: string };
  /** The bridge can read the changes of a server. */
  'catalogue.written': { serverId: string; path: string };
  'agent.changed': { name: string };
  'agent.removed': { name: string };
  'group.changed': { name: string };
  /** `name`: of the agent or group, or the path of the server. */
  'limits.changed': { scope: 'agent' | 'group' | 'server'; name: string };
  /** A kill switch was set or lifted. */
  'kills.changed': Record<string, never>;
  'user.changed': { username: string };
  'generation.published': {
    number: number;
    revision: number;
    rejected: readonly { serverId: string; path: string; message: string }[];
  };
  'generation.failed': { number: number; revision: number; error: string };
  /** The problems of the gateway itself changed. */
  'gateway.changed': Record<string, never>;
  'settings.changed': { names: string[] };
  /** A person logged out, or was logged out: open connections of that person are checked again. */
  'session.ended': { username: string };
  /** Lines of calls.log were added to the rollups. */
  'calls.counted': { lines: number };
}

type Name = keyof RegistryEvents;

/** Typed in-process events. Listeners run synchronously in the order of registration and must not throw. */
export class Events {
  readonly #emitter = new EventEmitter({ captureRejections: false }).setMaxListeners(100);

  /** Sends `event` to every listener. */
  emit<N extends Name>(name: N, event: RegistryEvents[N]): void {
    this.#emitter.emit(name, event);
  }

  /** Calls `listener` at each `name` until the returned function is called. */
  on<N extends Name>(name: N, listener: (event: RegistryEvents[N]) => void): () => void {
    this.#emitter.on(name, listener);
    return () => this.#emitter.off(name, listener);
  }
}
