import packageJson from './package.json' with { type: 'json' };

/** The version that the bridge gives of itself to servers and clients. */
export const VERSION: string = packageJson.version;
