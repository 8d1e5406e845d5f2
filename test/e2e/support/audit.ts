import { participantNames, type ParticipantName } from './app-process.js';
import { driftOf } from './drift.js';
import type { Booking } from './gateway.js';
import { deadLettersOf, nothingIsLeftToDo } from './leftovers.js';
import type { RunningSystem } from './running-system.js';

interface Reservation {
  readonly sagaId: string;
  readonly status: string;
}

export interface AuditOptions {
  /** Ids of bookings that were answered with 202: none of them may be missing. */
  readonly accepted?: readonly string[];
  /** Messages were parked on purpose: dead letters are no problem. */
  readonly parkedOnPurpose?: boolean;
}

export interface Audited {
  readonly completed: readonly Booking[];
  readonly compensated: readonly Booking[];
}

/**
 * Goes through the books of a system in which every saga has ended: what the gateway tells, what the participants have
 * in their databases and tell, and what is left on the way between them.
 *
 * @throws Error with everything that doesn't add up
 */
export async function audit(system: RunningSystem, options: AuditOptions = {}): Promise<Audited> {
  const audited = await auditBooks(system, options);
  await nothingIsLeftToDo(system);
  return audited;
}

/** The same, without waiting until outboxes are empty: a process that was killed leaves rows leased for ten seconds. */
async function auditBooks(
  system: RunningSystem,
  { accepted = [], parkedOnPurpose = false }: AuditOptions = {},
): Promise<Audited> {
  const bookings = await system.gateway().allBookings();
  const problems = [
    ...missing(accepted, bookings),
    ...(await reservationProblems(system, bookings)),
    ...(await driftOf(system, participantNames)),
    ...(parkedOnPurpose ? [] : await deadLettersOf(system)),
  ];
  if (problems.length > 0)
    throw new Error(
      `The audit of ${JSON.stringify(tally(bookings))} found ${problems.length} problems:\n  ` +
        problems.slice(0, 30).join('\n  '),
    );
  return {
    completed: bookings.filter(({ status }) => status === 'COMPLETED'),
    compensated: bookings.filter(({ status }) => status === 'COMPENSATED'),
  };
}

function missing(accepted: readonly string[], bookings: readonly Booking[]): string[] {
  const known = new Set(bookings.map(({ id }) => id));
  const twice = bookings.length - known.size;
  return [
    ...accepted.filter((id) => !known.has(id)).map((id) => `booking ${id} was accepted and is gone`),
    ...(twice > 0 ? [`${twice} bookings are listed twice`] : []),
  ];
}

async function reservationProblems(system: RunningSystem, bookings: readonly Booking[]): Promise<string[]> {
  const problems: string[] = [];
  const reserved = new Map<string, number>();
  const known = new Set(bookings.map(({ id }) => id));
  for (const participant of participantNames) {
    const rows = await system.databases.rows<Reservation>(
      participant,
      'SELECT saga_id AS "sagaId", status FROM reservation',
    );
    const sagas = new Set<string>();
    for (const { sagaId, status } of rows) {
      if (sagas.has(sagaId)) problems.push(`${participant} has more than one reservation of ${sagaId}`);
      sagas.add(sagaId);
      if (!known.has(sagaId))
        problems.push(`${participant} has a reservation of ${sagaId}, which isn't a booking`);
      if (status === 'RESERVED') reserved.set(sagaId, (reserved.get(sagaId) ?? 0) + 1);
    }
    problems.push(...(await toldOtherwise(system, participant, rows)));
  }
  for (const { id, status, steps } of bookings) {
    const holds = reserved.get(id) ?? 0;
    const expected = { COMPLETED: 3, COMPENSATED: 0 }[status];
    if (expected === undefined)
      problems.push(`booking ${id} has not ended: ${status} ${JSON.stringify(steps)}`);
    else if (holds !== expected) problems.push(`booking ${id} is ${status} and holds ${holds} reservations`);
  }
  return problems;
}

/** Asks the participant about some of its reservations over HTTP. */
async function toldOtherwise(
  system: RunningSystem,
  participant: ParticipantName,
  rows: readonly Reservation[],
): Promise<string[]> {
  const some = rows.slice(0, 10);
  const told = await Promise.all(
    some.map(async ({ sagaId }) => {
      const response = await system.ask(participant, `/reservations/${sagaId}`);
      return ((await response.json()) as { status: unknown }).status;
    }),
  );
  return some.flatMap(({ sagaId, status }, index) =>
    told[index] === status
      ? []
      : [`${participant} says that ${sagaId} is ${JSON.stringify(told[index])}, but it is ${status}`],
  );
}

function tally(bookings: readonly Booking[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of bookings) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
