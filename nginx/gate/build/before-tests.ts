import { buildGate } from './build-gate.ts';

/** Builds the gate once before tests start gateways in parallel. */
export default async function beforeTests(): Promise<void> {
  await buildGate();
}
