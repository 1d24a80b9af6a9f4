import { rest } from './rest.ts';

/**
 * The rest of the gate. njs makes every function of a module anew for each request, so the bundle has in the place of this file a function that
 * makes them when it is first called (registry/publishing/bundle-gate.ts).
 */
export function openRest(): typeof rest {
  return rest;
}
