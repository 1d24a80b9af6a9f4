export { readCertificatePair, type CertificateSource } from './certificate-pair.ts';
export { referencesOf } from './config-file.ts';
export { findConfigFile } from './find-config-file.ts';
export { checkFileSettings, nameLiveSettings, readLiveSettings } from './check-file-settings.ts';
export { readSettingsOrLast, rememberSettings } from './last-settings.ts';
export { openLiveSettings, type LiveSettings } from './live-settings.ts';
export { type Settings, readSettings } from './settings.ts';
