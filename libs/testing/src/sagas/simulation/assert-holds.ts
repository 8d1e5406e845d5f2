import { describeViolation, type SimulationReport } from './simulate.js';

/**
 * Returns the report of a simulation in which every promise held.
 *
 * @throws Error that says which promise was broken, how to see that again, and what happened
 */
export function assertHolds(report: SimulationReport): SimulationReport {
  const violation = describeViolation(report);
  if (violation !== undefined) throw new Error(violation);
  return report;
}
