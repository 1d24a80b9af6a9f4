import type { Access, AccessOptions } from '../access/index.ts';
import type { Activity, Calls } from '../activity/index.ts';
import type { Bridge } from '../bridge/index.ts';
import type { Configuration } from '../configuration/index.ts';
import type { GatewayStatus } from '../gateway/index.ts';
import type { Health, HealthTiming } from '../health/index.ts';
import type { AppDeps } from '../http/index.ts';
import type { Events } from '../lib/events.ts';
import type { Live, LiveOptions } from '../live/index.ts';
import type { Publisher } from '../publishing/index.ts';
import type { Servers } from '../servers/index.ts';
import type { LiveSettings } from '../settings/index.ts';
import type { Store } from '../store/index.ts';
import type { Tools } from '../tools/index.ts';

/** Parts that tests replace. */
export interface Overrides {
  /** In place of the one that publishes to NGINX. */
  publisher?: Publisher;
  access?: Pick<AccessOptions, 'bcryptCost' | 'retryMs'>;
  live?: Partial<LiveOptions>;
  health?: HealthTiming;
}

/** All features of a registry, connected and not started. */
export interface Wired {
  events: Events;
  store: Store;
  access: Access;
  bridge: Bridge;
  tools: Tools;
  health: Health;
  publisher: Publisher;
  servers: Servers;
  activity: Activity;
  /** Null: single calls are not stored. */
  calls: Calls | null;
  configuration: Configuration;
  settings: LiveSettings;
  gateway: GatewayStatus;
  live: Live;
  appDeps: AppDeps;
  /** Closes everything in reverse order of creation. */
  close(): Promise<void>;
}
