import packageJson from './package.json' with { type: 'json' };

/** The version that the bridge reports to servers and clients. */
export const VERSION: string = packageJson.version;
