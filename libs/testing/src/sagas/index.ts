/**
 * A test kit for sagas of one's own: pure, in one process, without servers.
 *
 *     simulate({ definition, inputs })   plays the saga against model participants under seeded trouble
 *
 * Guarantees: the same seed gives the same schedules; a failure is shrunk to a short schedule and told line by line.
 *
 * Doesn't test participants: their fence and their business are modelled here. Nor the database and the broker.
 */
export { describeViolation, simulate } from './simulation/simulate.js';
export type { SimulationOptions, SimulationReport } from './simulation/simulate.js';
