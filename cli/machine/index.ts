export { findInstallation, requireInstallation } from './installation.ts';
export { examineMachine, readMachineState, type Finding, type MachineState } from './read-machine.ts';
export { runBeside, runHere } from './run-program.ts';
