export { synthesise, type SynthesisOptions } from './app/synthesise.ts';
export { UserError } from './user-error.ts';
export { startYard, type DeployedMachine, type Yard, type YardDeployment, type YardOptions } from './yard.ts';
