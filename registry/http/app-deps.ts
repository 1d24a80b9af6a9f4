import type { Access } from '../access/index.ts';
import type {
  Actor,
  ApproveInput,
  GenerationDetail,
  GenerationDiff,
  GenerationView,
  HealthHistory,
  ToolLockInput,
  ProbeResult,
  ProbeTarget,
  ServerConfig,
  ServerInput,
  ServerPatch,
  ServerStatus,
  ServerView,
  SettingsPatch,
  SettingsView,
  StatsQuery,
  StatsView,
  ToolChange,
  ToolHit,
  ToolKind,
  ToolsView,
  WorkersView,
} from '../contract/index.ts';
import type { Events } from '../events.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/index.ts';

/** What a change of the catalogue gives: the server as it is now, and the revision that the change made. */
export interface ChangedServer {
  server: ServerView;
  revision: number;
  /** False: it was like that before, since `revision`. */
  changed: boolean;
}

/** The catalogue. Paths come without slashes around them; each throws RegistryError `not_found` where there is no such server. */
export interface ServersPart {
  list(query: {
    q?: string | undefined;
    status?: ServerStatus | undefined;
    tag?: string | undefined;
    limit: number;
    afterPath?: string | undefined;
  }): Promise<ServerView[]>;
  get(path: string): Promise<ServerView>;
  all(): Promise<readonly ServerView[]>;
  register(actor: Actor, input: ServerInput): Promise<ChangedServer>;
  /** Makes no revision where nothing changes. Throws `stale` when `expectedRevision` is given and is not the server's revision. */
  change(actor: Actor, path: string, patch: ServerPatch, expectedRevision?: number): Promise<ChangedServer>;
  remove(actor: Actor, path: string, expectedRevision?: number): Promise<ChangedServer>;
  restore(actor: Actor, path: string): Promise<ChangedServer>;
}

/** Asking backends. Paths as above. */
export interface HealthPart {
  /** What is at a URL; saves nothing, never throws. */
  probe(target: ProbeTarget): Promise<ProbeResult>;
  /** Probes a registered server now, stores and gives what was found. */
  refresh(path: string): Promise<ProbeResult>;
  history(path: string, limit: number): Promise<HealthHistory>;
}

/** What servers offer. Paths as above. */
export interface ToolsPart {
  tools(path: string): Promise<ToolsView>;
  /** Newest first. */
  changes(path: string, query: { limit: number; beforeId?: number | undefined }): Promise<ToolChange[]>;
  setLock(actor: Actor, path: string, input: ToolLockInput): Promise<ToolsView>;
  /** Throws `conflict` when what is approved is not what is listed by now. */
  approve(actor: Actor, path: string, input: ApproveInput): Promise<ToolsView>;
  /** Over all servers, best hit first; nothing for a query without a word. */
  search(query: {
    q: string;
    limit: number;
    offset: number;
    tag?: string | undefined;
    kind?: ToolKind | undefined;
  }): Promise<ToolHit[]>;
}

export interface PublishingPart {
  /** Waits until the data plane serves `revision` or has given up on it (or on `serverId`). */
  whenLive(
    revision: number,
    serverId?: string,
  ): Promise<{ applied: boolean; generation: number | null; error: string | null }>;
  /** How far it got since the start: whether a first run has ended, well or not, and why the last one failed (null when it did not). */
  progress(): { hasEndedOnce: boolean; problem: string | null };
  /** The generation that NGINX was proven to serve; null before the first. */
  current(): Promise<GenerationView | null>;
  list(query: { limit: number; beforeNumber?: number | undefined }): Promise<GenerationView[]>;
  detail(number: number): Promise<GenerationDetail>;
  /** From `from` (the one before, when absent) to `to`. */
  diff(to: number, from?: number): Promise<GenerationDiff>;
  /** What the next publish would change. */
  preview(): Promise<GenerationDiff>;
  rollback(actor: Actor, number: number): Promise<GenerationView>;
  workers(): Promise<WorkersView>;
  /** A server's part of the NGINX configuration that serves now; throws `not_found`. */
  config(path: string): Promise<ServerConfig>;
}

export interface StatsPart {
  stats(query: StatsQuery): Promise<StatsView>;
}

export interface SettingsPart {
  view(): Promise<SettingsView>;
  /** Throws `stale` when `expectedRevision` is given and is not the revision of the settings. */
  change(actor: Actor, patch: SettingsPatch, expectedRevision?: number): Promise<SettingsView>;
}

/** All that the HTTP app stands on. An absent part has no endpoints: they are 404 and not in the OpenAPI document. */
export interface AppDeps {
  store: Pick<Store, 'sessions' | 'audit' | 'meta'>;
  access: Access;
  events: Events;
  servers?: ServersPart;
  tools?: ToolsPart;
  stats?: StatsPart;
  health?: HealthPart;
  publishing?: PublishingPart;
  settings?: SettingsPart;
  secretKey: string;
  /** Public address of the gateway, without a slash at the end. */
  gatewayUrl: string;
  /** The built UI; absent in tests of the API alone. */
  uiDir?: string;
  version: string;
  log: Log;
}
