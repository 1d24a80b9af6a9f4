export { readCertificatePair, type CertificateSource } from './certificate-pair.ts';
export { openLiveSettings, type LiveSettings } from './live-settings.ts';
export { type Settings, readSettings } from './settings.ts';
