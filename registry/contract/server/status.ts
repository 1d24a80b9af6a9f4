import { z } from 'zod';

/** The state of a server in the NGINX configuration. */
export const configurationStatus = z.enum(['live', 'pending', 'rejected', 'off']);
/** What the last checks found. */
export const healthStatus = z.enum(['healthy', 'degraded', 'unhealthy', 'auth_required', 'idle', 'unknown']);
/** The one status that is derived from setting, configuration and health. */
export const serverStatus = z.enum(['disabled', 'rejected', 'pending', ...healthStatus.options]);

export type ConfigurationStatus = z.infer<typeof configurationStatus>;
export type HealthStatus = z.infer<typeof healthStatus>;
export type ServerStatus = z.infer<typeof serverStatus>;
