import { commandId, type Outcome } from '@clew/saga/core';
import type { Cast } from './cast.js';
import type { Clock } from './clock.js';
import type { Coverage } from './coverage.js';
import type { Guards } from './guards.js';
import { Inventory } from './inventory.js';
import type { Ledger } from './ledger.js';
import type { CommandMessage, FactMessage, ReplyMessage } from './messages.js';
import { resourceOf, type Scenario } from './scenario.js';

type Answer = ReplyMessage | FactMessage;

/** What is stored of a command: its outcome and what was said of that, or that its compensation came first. */
export interface FenceRow {
  readonly outcome: Outcome;
  readonly isTombstone: boolean;
  /** None of a tombstone: nobody had asked yet. */
  readonly said?: Answer;
}

/** A command, and what is to be said when its outcome is known. */
export interface Work {
  readonly message: CommandMessage;
  readonly say: (outcome: Outcome) => Answer;
}

const DONE: Outcome = { kind: 'done', result: {} };
const CANCELLED_BEFORE: FenceRow = { outcome: rejected('CANCELLED_BEFORE'), isTombstone: true };

/**
 * A service with a database of its own. A transaction is fence rows, business changes and what is said of them together.
 * The unique fence key makes transactions on one step take turns, so a transaction here is one atomic step.
 */
export class Participant {
  readonly inventory: Inventory;
  /** What is committed but not yet published. */
  readonly outbox: Answer[] = [];
  /** All that it was to carry out, for the auditor. */
  readonly commands: CommandMessage[] = [];
  /** Units that are reserved, by saga and step. */
  readonly reservations = new Map<string, number>();
  private readonly fence = new Map<string, FenceRow>();
  private readonly deliveries = new Map<string, number>();

  constructor(
    private readonly scenario: Scenario,
    private readonly cast: Cast,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly guards: Guards,
    private readonly coverage: Coverage,
  ) {
    this.inventory = new Inventory(scenario.capacities);
  }

  /** Carries commands out in one transaction, or says again what it said of them before. */
  commit(works: readonly Work[]): void {
    this.clock.tick();
    for (const work of works) this.carryOut(work);
  }

  /** What this participant has on record for a command; `undefined` when it has never carried it out. */
  recordOf(id: string): FenceRow | undefined {
    return this.fence.get(id);
  }

  private carryOut({ message, say }: Work): void {
    const { id, command } = message;
    this.commands.push(message);
    const known = this.fence.get(id);
    if (known && (known.isTombstone || this.guards.storedReply)) {
      if (known.isTombstone) this.coverage.tombstonesHit++;
      else this.coverage.storedReplies++;
      this.outbox.push(known.said ?? say(known.outcome));
      return;
    }
    if (this.isDeafTo(message)) return;
    const outcome = command.direction === 'action' ? this.take(message) : this.giveBack(message);
    if (outcome.kind === 'rejected') this.coverage.businessRejections++;
    const said = say(outcome);
    this.fence.set(id, { outcome, isTombstone: false, said });
    this.outbox.push(said);
  }

  private take({ id, sagaId, command }: CommandMessage): Outcome {
    const { units, refuses } = this.cast.stepPlan(sagaId, command.step);
    if (refuses && command.epoch === 0) return rejected('REFUSED');
    if (!this.inventory.take(this.resource(sagaId, command.step), units)) return rejected('SOLD_OUT');
    const reservation = `${sagaId}/${command.step}`;
    this.reservations.set(reservation, (this.reservations.get(reservation) ?? 0) + units);
    this.ledger.record(sagaId, command, units);
    return { kind: 'done', result: { ...this.scenario.results[command.step], reservationId: id } };
  }

  private giveBack({ sagaId, command }: CommandMessage): Outcome {
    const { step, undoes } = command;
    if (undoes === undefined)
      throw new Error(`The compensation of "${step}" doesn't say which epoch it undoes`);
    const actionKey = commandId(sagaId, { step, direction: 'action', epoch: undoes });
    const action = this.fence.get(actionKey);
    if (!action && this.guards.tombstone) {
      this.coverage.tombstonesLaid++;
      this.fence.set(actionKey, CANCELLED_BEFORE);
    }
    if (action?.outcome.kind !== 'done') return DONE;
    if (this.cast.stepPlan(sagaId, step).refusesUndo && command.epoch === 0) return rejected('UNDO_REFUSED');
    const reservation = `${sagaId}/${step}`;
    const units = this.reservations.get(reservation) ?? 0;
    this.reservations.set(reservation, 0);
    this.inventory.giveBack(this.resource(sagaId, step), units);
    this.ledger.record(sagaId, command, -units);
    return DONE;
  }

  private resource(sagaId: string, step: string): string {
    return resourceOf(this.cast.definitionOf(sagaId), step);
  }

  private isDeafTo({ id, sagaId, command }: CommandMessage): boolean {
    const { deafTo, deafToUndo } = this.cast.stepPlan(sagaId, command.step);
    const deliveries = (this.deliveries.get(id) ?? 0) + 1;
    this.deliveries.set(id, deliveries);
    const isDeaf = deliveries <= (command.direction === 'action' ? deafTo : deafToUndo);
    if (isDeaf) this.coverage.swallowedByParticipant++;
    return isDeaf;
  }
}

function rejected(code: string): Outcome {
  return { kind: 'rejected', rejection: { code, message: `The participant says ${code}` } };
}
