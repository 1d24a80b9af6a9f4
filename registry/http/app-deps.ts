import type { Access } from '../access/index.ts';
import type { Activity, Calls } from '../activity/index.ts';
import type { Bridge } from '../bridge/index.ts';
import type { Configuration } from '../configuration/index.ts';
import type { Execute } from '../execute/index.ts';
import type { Events } from '../lib/events.ts';
import type { GatewayStatus } from '../gateway/index.ts';
import type { Health } from '../health/index.ts';
import type { Log } from '../lib/log.ts';
import type { Publisher } from '../publishing/index.ts';
import type { Servers } from '../servers/index.ts';
import type { LiveSettings } from '../settings/index.ts';
import type { Store } from '../store/index.ts';
import type { Tools } from '../tools/index.ts';

/** What the HTTP app needs; each group of routes takes the members that it uses. */
export interface AppDeps {
  store: Pick<Store, 'sessions' | 'audit' | 'meta'>;
  events: Events;
  access: Access;
  bridge: Pick<Bridge, 'output' | 'status'>;
  servers: Pick<
    Servers,
    | 'list'
    | 'toJson'
    | 'all'
    | 'get'
    | 'register'
    | 'change'
    | 'remove'
    | 'restore'
    | 'removed'
    | 'versions'
    | 'restoreVersion'
  >;
  health: Pick<Health, 'probe' | 'refresh' | 'history'>;
  tools: Pick<Tools, 'tools' | 'changes' | 'search' | 'setLock' | 'approve'>;
  publisher: Pick<
    Publisher,
    'whenLive' | 'progress' | 'current' | 'list' | 'detail' | 'diff' | 'preview' | 'rollback' | 'workers' | 'config'
  >;
  activity: Pick<Activity, 'stats' | 'agentStats' | 'serverStats' | 'serverTrend'>;
  /** Null: single calls are not stored. */
  calls: Pick<Calls, 'search' | 'sum'> | null;
  configuration: Configuration;
  execute: Execute;
  settings: LiveSettings;
  gateway: GatewayStatus;
  secretKey: string;
  /** Public address of the gateway, without a trailing slash. */
  gatewayUrl: string;
  /** The folder of the built UI. */
  uiDir: string;
  version: string;
  log: Log;
}
