import { participantNames, type AppName } from '../../test/e2e/support/app-process.js';
import { driftOf } from '../../test/e2e/support/drift.js';
import { deadLettersOf, nothingIsLeftToDo } from '../../test/e2e/support/leftovers.js';
import type { RunningSystem } from '../../test/e2e/support/running-system.js';

/**
 * A set of sagas in one row: how many they are, and the sum of their hashes. Two of the same are of the same sagas, in
 * whatever database and order; so books of any size are compared without carrying them anywhere.
 */
interface Fingerprint {
  readonly count: number;
  readonly hash: string;
}

const fingerprint = (id: string) =>
  `count(*)::int AS count, coalesce(sum(hashtextextended(${id}::text, 0)), 0)::text AS hash`;

/**
 * Goes through the books once everything has ended: every accepted booking is there and has ended; each participant has reserved for
 * exactly those that completed, once, and holds nothing else; as many were undone as asked for what can't be had; the
 * counters say what the reservations come to; nothing is parked, or left on its way.
 *
 * @param accepted ids of bookings that were answered with 202
 * @param undone how many of all that were ever accepted can't have completed
 * @throws Error with everything that doesn't add up
 */
export async function checkBooks(
  system: RunningSystem,
  accepted: readonly string[],
  undone: number,
): Promise<void> {
  const problems: string[] = [];
  const [missing] = await system.databases.rows<{ count: number }>(
    'orchestrator',
    `SELECT count(*)::int AS count FROM unnest($1::uuid[]) AS accepted (id)
     WHERE NOT EXISTS (SELECT FROM saga_instance s WHERE s.id = accepted.id AND s.ended_at IS NOT NULL)`,
    accepted,
  );
  if (missing!.count > 0) problems.push(`${missing!.count} accepted bookings are gone or haven't ended`);

  const completed = await fingerprintOf(
    system,
    'orchestrator',
    'id',
    `saga_instance WHERE status = 'COMPLETED'`,
  );
  const compensated = await fingerprintOf(
    system,
    'orchestrator',
    'id',
    `saga_instance WHERE status = 'COMPENSATED'`,
  );
  if (compensated.count !== undone)
    problems.push(`${compensated.count} bookings were undone, and not ${undone}`);
  await checkParticipants(system, completed, problems);
}

/**
 * The same of the participants alone, when those that ended are deleted one after the other: they have reserved for so many, all of them
 * for the same.
 *
 * @throws Error with everything that doesn't add up
 */
export async function checkReservations(system: RunningSystem, completed: number): Promise<void> {
  const ofFirst = await reservedBy(system, participantNames[0]);
  await checkParticipants(system, { ...ofFirst, count: completed }, []);
}

async function checkParticipants(
  system: RunningSystem,
  completed: Fingerprint,
  earlier: readonly string[],
): Promise<void> {
  const problems = [...earlier];
  for (const participant of participantNames) {
    const reserved = await reservedBy(system, participant);
    if (reserved.count !== completed.count || reserved.hash !== completed.hash)
      problems.push(
        `${participant} has ${reserved.count} reservations for ${completed.count} bookings that completed, or not for the same`,
      );
  }
  problems.push(...(await driftOf(system, participantNames)), ...(await deadLettersOf(system)));
  if (problems.length > 0)
    throw new Error(`The books don't add up:\n  ${problems.slice(0, 20).join('\n  ')}`);
  await nothingIsLeftToDo(system);
}

function reservedBy(system: RunningSystem, participant: AppName): Promise<Fingerprint> {
  return fingerprintOf(system, participant, 'saga_id', `reservation WHERE status = 'RESERVED'`);
}

async function fingerprintOf(
  system: RunningSystem,
  app: AppName,
  id: string,
  from: string,
): Promise<Fingerprint> {
  const [row] = await system.databases.rows<Fingerprint>(app, `SELECT ${fingerprint(id)} FROM ${from}`);
  return row!;
}
