import { buildGate, GATE_FILE } from './build-gate.ts';

const text = await buildGate();
console.log(`${GATE_FILE}: ${Math.ceil(text.length / 1024)} KB`);
