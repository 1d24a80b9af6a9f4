/**
 * The shape of an agent's key: `mgw_` + 43 digits + `_` + 6 digits, both in this base 62, the last six being the CRC32
 * (zlib's) of everything before the last underscore, padded with the zero digit. Plain constants, so that the gate can include them.
 */
export const BASE62_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const KEY_SHAPE = /^(mgw_[0-9A-Za-z]{43})_([0-9A-Za-z]{6})$/;
