import type { HttpApi } from '../http-api.js';
import { sagaPages, type Saga } from '../saga.js';
import type { BooksOfAParticipant, Reservation } from './books-of-a-participant.js';
import { HOLDS, isHeld } from './expectations.js';
import { isAtRest, judge, type Finding, type Note } from './judge.js';
import { isEntangled, SecondLook, type Judgement } from './second-look.js';

export interface AuditReport {
  readonly sagas: { read: number; underWay: number; stuck: number };
  readonly reservations: { read: number; forgotten: number };
  readonly counters: number;
  readonly findings: Finding[];
  readonly notes: Note[];
  /** Findings and notes beyond the most that are kept. */
  more: number;
}

export interface AuditOptions {
  readonly gateway: HttpApi;
  readonly participants: readonly BooksOfAParticipant[];
  /** How long sagas are kept after their end, in milliseconds. */
  readonly retentionMs: number;
}

/** Most findings, and most notes, that are told one by one. */
const MOST = 1_000;

/** A range of saga ids: above `low`, not above `high`; without bounds where there is none. */
interface Window {
  readonly low: string | undefined;
  readonly high: string | undefined;
  /** Those of the range that the gateway has listed. */
  readonly sagas: ReadonlyMap<string, Saga>;
}

/**
 * Compares what the gateway says of sagas with what the participants hold for them, while everything goes on. Reads both in
 * the order of their ids and keeps one page of each: docs/operations.md says why it finds nothing that isn't so.
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  return new Audit(options).run();
}

class Audit {
  private readonly report: AuditReport = {
    sagas: { read: 0, underWay: 0, stuck: 0 },
    reservations: { read: 0, forgotten: 0 },
    counters: 0,
    findings: [],
    notes: [],
    more: 0,
  };
  private readonly secondLook: SecondLook;
  private readonly audited: ReadonlySet<string>;
  /** Those of this window that weren't listed, and were looked at. */
  private readonly looked = new Set<string>();
  /** When the audit began, by the clock of each participant's database. */
  private readonly beganAt = new Map<string, number>();

  constructor(private readonly options: AuditOptions) {
    this.secondLook = new SecondLook(options.gateway, options.participants);
    this.audited = new Set(options.participants.map(({ name }) => name));
  }

  async run(): Promise<AuditReport> {
    let counters = 0;
    for (const participant of this.options.participants) counters += await this.count(participant);
    for await (const window of this.windows()) await this.compare(window);
    return { ...this.report, counters };
  }

  /** One snapshot of a database, in which a counter and what it counts were committed together. */
  private async count(participant: BooksOfAParticipant): Promise<number> {
    const { at, checked, drift } = await participant.inventory();
    this.beganAt.set(participant.name, Date.parse(at));
    for (const { what, counted, recorded } of drift)
      this.find({
        kind: 'drift',
        bookingId: null,
        participant: participant.name,
        step: null,
        reservationId: null,
        sentence: `${participant.name} counts ${recorded ?? 'nothing'} of ${what}, but its reservations come to ${counted}.`,
      });
    return checked;
  }

  /** All ids there can be, from the newest down: each page of sagas as far as its last, which belongs to the next. */
  private async *windows(): AsyncGenerator<Window> {
    let high: string | undefined;
    let carried: readonly Saga[] = [];
    for await (const page of sagaPages(this.options.gateway)) {
      this.notice(page);
      const last = page.at(-1);
      if (!last) break;
      yield { low: last.id, high, sagas: byId([...carried, ...page.slice(0, -1)]) };
      high = last.id;
      carried = [last];
    }
    yield { low: undefined, high, sagas: byId(carried) };
  }

  private notice(page: readonly Saga[]): void {
    const { sagas } = this.report;
    sagas.read += page.length;
    sagas.underWay += page.filter((saga) => !isAtRest(saga)).length;
    for (const saga of page.filter(({ status }) => status === 'STUCK')) {
      sagas.stuck += 1;
      const steps = saga.steps.filter(({ status }) => status === 'STUCK').map(({ name }) => name);
      const sentence = `${saga.saga} is STUCK at ${steps.join(', ')}: it waits for an operator.`;
      this.note({ bookingId: saga.id, sentence });
    }
  }

  private async compare(window: Window): Promise<void> {
    const rowsOf = new Map<string, Reservation[]>();
    this.looked.clear();
    await Promise.all(
      this.options.participants.map(async (participant) => {
        for await (const rows of participant.between(window.low, window.high)) {
          this.report.reservations.read += rows.length;
          for (const row of rows)
            if (window.sagas.has(row.bookingId))
              rowsOf.set(row.bookingId, [...(rowsOf.get(row.bookingId) ?? []), row]);
          await this.lookAtUnlisted(rows.filter(({ bookingId }) => !window.sagas.has(bookingId)));
        }
      }),
    );
    for (const saga of window.sagas.values()) {
      const rows = rowsOf.get(saga.id) ?? [];
      const isSuspect = judge(saga, rows, this.audited).length > 0 || isEntangled(saga, rows);
      if (isSuspect) this.take(await this.secondLook.at(saga.id));
    }
  }

  /** Held for sagas that the gateway didn't list: begun since, forgotten since, or never begun. */
  private async lookAtUnlisted(rows: readonly Reservation[]): Promise<void> {
    const held = rows.filter(isHeld);
    const inTime = held.filter((row) => !this.beganLater(row));
    const rememberable = inTime.filter((row) => !this.mayBeForgotten(row));
    this.report.reservations.forgotten += inTime.length - rememberable.length;
    for (const { bookingId } of rememberable) {
      // Rows of the same saga, other participants' too, lead to the same place: only the first one goes there.
      if (this.looked.has(bookingId)) continue;
      this.looked.add(bookingId);
      this.take(await this.secondLook.at(bookingId));
    }
  }

  private beganLater({ participant, createdAt }: Reservation): boolean {
    return Date.parse(createdAt) > this.beganAt.get(participant)!;
  }

  /** A saga is kept as long as that after its end, and so at least as long after anything was reserved for it. */
  private mayBeForgotten({ participant, createdAt }: Reservation): boolean {
    return Date.parse(createdAt) < this.beganAt.get(participant)! - this.options.retentionMs;
  }

  private take({ findings, notes }: Judgement): void {
    for (const finding of findings) this.find(finding);
    for (const note of notes) this.note(note);
  }

  private find(finding: Finding): void {
    if (this.report.findings.length < MOST) this.report.findings.push(finding);
    else this.report.more += 1;
  }

  private note(note: Note): void {
    if (this.report.notes.length < MOST) this.report.notes.push(note);
    else this.report.more += 1;
  }
}

function byId(sagas: readonly Saga[]): ReadonlyMap<string, Saga> {
  return new Map(sagas.filter(({ saga }) => saga in HOLDS).map((saga) => [saga.id, saga]));
}
