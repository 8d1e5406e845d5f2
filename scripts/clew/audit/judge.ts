import type { Saga } from '../saga.js';
import type { Reservation } from './books-of-a-participant.js';
import { HOLDS, isHeld, KINDS, MAKES_FINAL } from './expectations.js';

/**
 * - `orphan`: held, though the saga has ended without it, or there is no such saga
 * - `missing`: not held, though the saga has it
 * - `double`: held more often than the saga has it
 * - `drift`: a counter doesn't say what the reservations come to
 */
export type FindingKind = 'orphan' | 'missing' | 'double' | 'drift';

export interface Finding {
  readonly kind: FindingKind;
  /** null where no saga can be told: of a counter. */
  readonly bookingId: string | null;
  readonly participant: string;
  /** null of a counter. */
  readonly step: string | null;
  readonly reservationId: string | null;
  readonly sentence: string;
}

/** What somebody should know, though it isn't wrong. */
export type Note = Pick<Finding, 'bookingId' | 'sentence'>;

/** Steps that the participant has answered for good as long as the saga doesn't change. */
const NOT_HELD = ['PENDING', 'REJECTED', 'COMPENSATED', 'SKIPPED'];

/**
 * What doesn't fit between a saga and what the participants hold for it. Says nothing of a saga that is under way, nor of a
 * step that is: both may change at any moment.
 *
 * @param rows all that the audited participants have of the saga, read after the saga was
 */
export function judge(saga: Saga, rows: readonly Reservation[], audited: ReadonlySet<string>): Finding[] {
  const holds = HOLDS[saga.saga];
  // Without its definition the gateway shows no steps.
  if (!holds || saga.steps.length === 0 || !isAtRest(saga)) return [];
  // Its owner may have moved on already: the gateway hears of it later. The end alone is for good.
  if (saga.status === 'STUCK' && saga.coordination === 'choreography') return [];
  const statuses = new Map(saga.steps.map(({ name, status }) => [name, status]));
  const expected = Object.entries(holds).filter(([, what]) => audited.has(KINDS[what]!.participant));
  return [
    ...expected.flatMap(([step, what]) => {
      const own = rows.filter((row) => row.step === step && row.what === what);
      return judgeStep(saga, step, statuses.get(step) ?? 'PENDING', what, own);
    }),
    ...rows.filter((row) => isHeld(row) && holds[row.step] !== row.what).map((row) => extra(saga, row, rows)),
  ];
}

/** Nothing moves by itself any more. */
export function isAtRest({ status }: Pick<Saga, 'status'>): boolean {
  return status === 'COMPLETED' || status === 'COMPENSATED' || status === 'STUCK';
}

function judgeStep(
  saga: Saga,
  step: string,
  status: string,
  what: string,
  own: readonly Reservation[],
): Finding[] {
  const { participant, kept, provisional, returned } = KINDS[what]!;
  if (NOT_HELD.includes(status)) {
    return own.filter(isHeld).map((row) => ({
      kind: 'orphan',
      ...placeOf(row),
      sentence: `${holding(row)}, but ${saga.saga} is ${saga.status} and its step ${step} ${status}.`,
    }));
  }
  if (status !== 'SUCCEEDED') return [];
  const found = own[0];
  const isFine = own.some((row) => row.status === kept || row.status === returned);
  const isProvisional = found !== undefined && found.status === provisional;
  const isOnItsWay = saga.status === 'STUCK' && isProvisional;
  if (isFine || isOnItsWay) return [];
  return [
    {
      kind: 'missing',
      bookingId: saga.id,
      participant,
      step,
      reservationId: found?.id ?? null,
      sentence:
        `${participant} has ${found ? `${what} that are ${found.status}, not ${kept},` : `no ${what}`} ` +
        `for step ${step}, but ${saga.saga} is ${saga.status} and the step ${status}` +
        `${isProvisional && MAKES_FINAL[what] ? `, and so is ${MAKES_FINAL[what]}` : ''}.`,
    },
  ];
}

/** Held for a step that the saga doesn't have. */
function extra(saga: Saga, row: Reservation, rows: readonly Reservation[]): Finding {
  const isSecond = rows.some((other) => other.what === row.what && other.id !== row.id && isHeld(other));
  return {
    kind: isSecond ? 'double' : 'orphan',
    ...placeOf(row),
    sentence: isSecond
      ? `${holding(row)}, besides what ${saga.saga} has already.`
      : `${holding(row)}, which isn't a step of ${saga.saga}.`,
  };
}

export function placeOf({ participant, bookingId, step, id }: Reservation) {
  return { bookingId, participant, step, reservationId: id };
}

/** `flights holds 1 seats (RESERVED) for step flight` */
export function holding({ participant, quantity, what, status, step }: Reservation): string {
  return `${participant} holds ${quantity} ${what} (${status}) for step ${step}`;
}
