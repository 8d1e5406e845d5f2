import { eventually } from '@clew/testing';
import type { ParticipantName } from './app-process.js';
import type { RunningSystem } from './running-system.js';
import { trip, type Coordination } from './trip.js';

/** Whoever decides on sagas gives up what is silent for two seconds. */
export const IMPATIENT = {
  CLEW_STEP_TIMEOUT_MS: '1000',
  CLEW_STEP_MAX_TIMEOUT_MS: '1000',
  CLEW_STEP_ATTEMPTS: '2',
  CLEW_COMPENSATION_ATTEMPTS: '2',
};

/** Nothing is asked for twice: what goes on does so because of people. */
export const PATIENT = { CLEW_STEP_TIMEOUT_MS: '600000', CLEW_STEP_MAX_TIMEOUT_MS: '600000' };

/**
 * Books trips while some participants are down for good, and resolves when all are STUCK: the steps of those were given up, and
 * are undone in vain, while the flight has been given back. Whoever decides has to be impatient.
 */
export async function parkedTrips(
  system: RunningSystem,
  down: readonly ParticipantName[],
  coordination: Coordination,
  count: number,
): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push((await system.gateway().book(trip({ coordination }))).id);
  const expected = `COMPENSATED,${(['hotels', 'cars'] as const)
    .map((name) => (down.includes(name) ? 'STUCK' : 'COMPENSATED'))
    .join()}`;
  for (const id of ids)
    await eventually(
      async () => {
        const { status, steps } = await system.gateway().booking(id);
        if (status === 'STUCK' && steps.map((step) => step.status).join() === expected) return true;
        throw new Error(`it is ${status}: ${steps.map((step) => step.status).join()}`);
      },
      { within: 30_000, describe: `booking ${id} to be STUCK with ${expected}` },
    );
  return ids;
}
