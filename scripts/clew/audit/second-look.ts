import type { HttpApi } from '../http-api.js';
import { findSaga, historyAt, type Saga, type Transition } from '../saga.js';
import type { BooksOfAParticipant, Reservation } from './books-of-a-participant.js';
import { HOLDS, isHeld, KINDS, MAKES_FINAL, TAKES_BACK } from './expectations.js';
import { holding, judge, placeOf, type Finding, type Note } from './judge.js';

export interface Judgement {
  readonly findings: readonly Finding[];
  /** What people have decided: they know. */
  readonly notes: readonly Note[];
}

const NOTHING: Judgement = { findings: [], notes: [] };

/** How often a saga that changes while it is looked at is looked at again. */
const LOOKS = 3;

/** Looks at a saga again, alone, before anything is said about it. */
export class SecondLook {
  private readonly audited: ReadonlySet<string>;

  constructor(
    private readonly gateway: HttpApi,
    private readonly participants: readonly BooksOfAParticipant[],
  ) {
    this.audited = new Set(participants.map(({ name }) => name));
  }

  /** Reads the saga, then what is held for it, then the saga again: only what stood still meanwhile is judged. */
  async at(sagaId: string): Promise<Judgement> {
    for (let look = 0; look < LOOKS; look += 1) {
      const before = await findSaga(this.gateway, sagaId);
      const rows = await this.rowsOf(sagaId);
      if (!before) return this.withoutSaga(sagaId, rows);
      const { saga, path } = before;
      const own = rows.filter(({ bookingId }) => bookingId === sagaId);
      const findings = [
        ...judge(saga, own, this.audited),
        ...(await this.returnedByNobody(saga, rows)),
        ...(await this.notTakenBack(saga, own)),
      ];
      if (findings.length === 0) return NOTHING;
      const history = await historyAt(this.gateway, path);
      const after = await findSaga(this.gateway, sagaId);
      if (after?.saga.updatedAt === saga.updatedAt && after.saga.status === saga.status)
        return byPeople(findings, history);
    }
    return NOTHING;
  }

  /** Of a saga that was never begun: its row would have been committed before anything was reserved for it. */
  private withoutSaga(sagaId: string, rows: readonly Reservation[]): Judgement {
    const held = rows.filter((row) => row.bookingId === sagaId && isHeld(row));
    return {
      notes: [],
      findings: held.map((row) => ({
        kind: 'orphan',
        ...placeOf(row),
        sentence: `${holding(row)}, but there is no such saga.`,
      })),
    };
  }

  /** Of a saga that others take things back from: whether one has said that it did. */
  private async returnedByNobody(saga: Saga, rows: readonly Reservation[]): Promise<Finding[]> {
    const back = rows.filter(
      ({ bookingId, what, status }) => bookingId === saga.id && status === KINDS[what]?.returned,
    );
    const followers = [
      ...new Set(rows.filter(({ regarding }) => regarding === saga.id).map((row) => row.bookingId)),
    ];
    // Who took it back has left a trace only at a participant that is audited.
    if (back.length === 0 || !this.audited.has(KINDS['collection']!.participant)) return [];
    const takers = await Promise.all(followers.map((id) => findSaga(this.gateway, id)));
    const isTaken = (what: string) => takers.some((taker) => !taker || mayHaveTaken(taker.saga, what));
    return back
      .filter(({ what }) => !isTaken(what))
      .map((row) => ({
        kind: 'missing',
        ...placeOf(row),
        sentence: `${row.participant} has the ${row.what} for step ${row.step} as ${row.status}, but no saga says that it took them back.`,
      }));
  }

  /** Of a saga that takes things back from another: whether that one still has them. */
  private async notTakenBack(saga: Saga, own: readonly Reservation[]): Promise<Finding[]> {
    const takes = TAKES_BACK[saga.saga];
    const regarded = own.find(({ regarding }) => regarding)?.regarding;
    if (!takes || !regarded || saga.status !== 'COMPLETED') return [];
    const rows = await this.rowsOf(regarded);
    return Object.entries(takes)
      .filter(([step]) => saga.steps.some(({ name, status }) => name === step && status === 'SUCCEEDED'))
      .flatMap(([step, what]) =>
        rows
          .filter((row) => row.bookingId === regarded && row.what === what && isHeld(row))
          .map((row) => ({
            kind: 'orphan',
            ...placeOf(row),
            sentence: `${holding(row)}, but step ${step} of ${saga.saga} ${saga.id} has taken them back.`,
          })),
      );
  }

  private async rowsOf(sagaId: string): Promise<Reservation[]> {
    return (await Promise.all(this.participants.map((participant) => participant.of(sagaId)))).flat();
  }
}

/** A saga whose step has begun may have done it: it is only told when it is over. */
function mayHaveTaken(saga: Saga, what: string): boolean {
  return Object.entries(TAKES_BACK[saga.saga] ?? {}).some(
    ([step, taken]) =>
      taken === what &&
      saga.steps.some(({ name, status }) => name === step && !['PENDING', 'REJECTED'].includes(status)),
  );
}

/** What a person skipped or marked as done is theirs to know. */
function byPeople(findings: readonly Finding[], history: readonly Transition[]): Judgement {
  const seenTo = new Set(
    history
      .filter(({ cause }) => cause.action === 'skip' || cause.action === 'mark-done')
      .map(({ step }) => step),
  );
  const isTheirs = ({ step }: Finding) =>
    step !== null && (seenTo.has(step) || seenTo.has(MAKES_FINAL[step] ?? ''));
  return {
    findings: findings.filter((finding) => !isTheirs(finding)),
    notes: findings.filter(isTheirs).map(({ bookingId, sentence }) => ({
      bookingId,
      sentence: `${sentence} An operator saw to the step.`,
    })),
  };
}

/** Whether a saga has to be looked at by itself, whatever is held for it: it is about another one, or another about it. */
export function isEntangled(saga: Saga, rows: readonly Reservation[]): boolean {
  return (
    (saga.saga in TAKES_BACK && saga.status === 'COMPLETED') ||
    (saga.saga in HOLDS && rows.some(({ what, status }) => status === KINDS[what]?.returned))
  );
}
