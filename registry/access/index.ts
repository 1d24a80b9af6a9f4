export { type Access, createAccess } from './create-access.ts';
