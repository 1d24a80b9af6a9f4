export { type Access, type AccessOptions, createAccess } from './create-access.ts';
