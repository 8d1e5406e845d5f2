import { commandId, participantOf, SAGA_PARTICIPANT, stepsOf, type Operation } from '@clew/saga/core';
import { holds } from './lock-properties.js';
import { toldBy } from './answered-command.js';
import { AsOrchestrator } from './as-orchestrator.js';
import { AsOwner } from './as-owner.js';
import { Broker } from './broker.js';
import { startOf, wishOf } from './caller.js';
import { Cast } from './cast.js';
import { Clock } from './clock.js';
import type { Coverage } from './coverage.js';
import type { Guards } from './guards.js';
import { Decider } from './decider.js';
import { InstanceStore, type Deadline } from './instance-store.js';
import { Ledger } from './ledger.js';
import { LockTable } from './lock-table.js';
import { Listener } from './listener.js';
import type { Inbound, LockMessage, ToParticipant } from './messages.js';
import { Participant } from './participant.js';
import type { SagaCore } from './saga-core.js';
import { familyOf, type Scenario } from './scenario.js';
import {
  describeDeadline,
  describeDelivery,
  describeEvent,
  describeInbound,
  shortName,
  type Trace,
} from './trace.js';

/**
 * Everything that takes part in a history, and the single things that can happen to it. Nothing happens by itself: a
 * phase decides what comes next.
 */
export class World {
  readonly clock = new Clock();
  readonly ledger = new Ledger(this.clock);
  readonly cast: Cast;
  readonly locks: LockTable;
  readonly store: InstanceStore;
  readonly participants: ReadonlyMap<string, Participant>;
  readonly deciders: readonly Decider[];
  readonly broker: Broker;
  private readonly listeners: ReadonlyMap<string, Listener>;
  private readonly fired = new Set<string>();

  constructor(
    readonly scenario: Scenario,
    core: SagaCore,
    guards: Guards,
    readonly coverage: Coverage,
    readonly trace?: Trace,
  ) {
    const { ledger, clock } = this;
    const cast = new Cast(scenario);
    this.cast = cast;
    const types = familyOf(scenario.definition)
      .flatMap(stepsOf)
      .map(({ action }) => action.type);
    const names = new Set(types.map(participantOf).filter((name) => name !== SAGA_PARTICIPANT));
    const participant = () => new Participant(scenario, cast, ledger, clock, guards, coverage);
    this.participants = new Map([...names].map((name) => [name, participant()]));
    this.locks = new LockTable(coverage);
    const store = new InstanceStore(clock, guards, this.locks);
    this.store = store;
    const listener = (name: string, participant: Participant) =>
      new Listener(name, participant, cast, core, coverage);
    this.listeners = new Map([...this.participants].map(([name, own]) => [name, listener(name, own)]));
    const isOrchestrated = scenario.coordination === 'orchestration';
    const role = isOrchestrated ? new AsOrchestrator(cast) : new AsOwner(core, coverage);
    const decider = () => new Decider(role, cast, core, store, coverage);
    this.deciders = Array.from({ length: scenario.deciders }, decider);
    this.broker = new Broker(scenario);
    for (const saga of scenario.sagas) this.broker.send(startOf(scenario, saga));
  }

  /** A participant commits. If it crashes then, it has neither published what it says nor acknowledged the message. */
  deliver(place: number, crashesAfterCommit: boolean): void {
    const [message] = this.broker.toParticipants.splice(place, 1) as [ToParticipant];
    this.coverage.delivered++;
    if (place > 0) this.coverage.overtaken++;
    this.trace?.push(
      `deliver ${describeDelivery(message)}${crashesAfterCommit ? ', crash after the commit' : ''}`,
    );
    const participant = this.hand(message);
    if (crashesAfterCommit) {
      this.coverage.participantCrashesAfterCommit++;
      this.broker.toParticipants.push(message);
    } else {
      this.broker.send(...participant.outbox.splice(0));
    }
  }

  private hand(message: ToParticipant): Participant {
    if (message.kind === 'fact') {
      this.listeners.get(message.participant)!.hear(message);
      return this.participants.get(message.participant)!;
    }
    const participant = this.participants.get(message.command.participant)!;
    const { id } = message;
    participant.commit([{ message, say: (outcome) => ({ kind: 'reply', id, outcome }) }]);
    return participant;
  }

  /** An idle process takes messages, named by their places on the way, and deadlines. */
  takeBatch(decider: Decider, places: ReadonlySet<number>, deadlines: readonly Deadline[]): void {
    const { toDeciders } = this.broker;
    const messages = toDeciders.filter((_, place) => places.has(place));
    const others = toDeciders.filter((_, place) => !places.has(place));
    this.coverage.delivered += messages.length;
    if (messages.length > 0 && !places.has(0)) this.coverage.overtaken++;
    for (const deadline of deadlines) this.countDeadline(deadline);
    this.note(decider, 'takes', ...messages.map(describeInbound), ...deadlines.map(describeDeadline));
    toDeciders.splice(0, toDeciders.length, ...others);
    decider.take(messages, deadlines);
  }

  /** A busy process writes what it holds, or publishes what it has written. */
  moveOn(decider: Decider): void {
    const before = this.store.commits.length;
    if (decider.holdsUnwritten) decider.commit();
    else this.broker.send(...decider.publish());
    if (!this.trace) return;
    const written = this.store.commits
      .slice(before)
      .map(({ sagaId, events }) => `${shortName(sagaId)}: ${events.map(describeEvent).join(', ')};`);
    this.note(decider, 'moves on', ...written);
  }

  /** What the process had taken without acknowledging it is on its way again. */
  crash(decider: Decider): void {
    this.note(decider, 'crashes');
    this.broker.toDeciders.push(...decider.crash());
  }

  /** Publishes a message that was left in the outbox, or one that its process hasn't come to publish yet. */
  sweepOutbox(place: number, crashesBeforeDeleting: boolean): void {
    const message = this.store.outbox[place]!;
    this.coverage.swept++;
    this.trace?.push(`sweep ${describeInbound(message)}`);
    if (crashesBeforeDeleting) this.coverage.publishedTwice++;
    else this.store.outbox.splice(place, 1);
    this.broker.send(message);
  }

  /** Publishes what participants have left in their outboxes. */
  sweepParticipants(): void {
    for (const { outbox } of this.participants.values()) {
      this.coverage.swept += outbox.length;
      this.broker.send(...outbox.splice(0));
    }
  }

  /** A person wishes something done about a saga. */
  wish(sagaId: string, operation: Operation): void {
    this.broker.send(wishOf(this.scenario, sagaId, operation));
  }

  /** Gives free locks to those who wait longest. False when there is nothing to give. */
  grantLocks(): boolean {
    return this.tell(this.locks.grant());
  }

  /** The lease of a lock that somebody waits for ends. */
  endLease(key: string): void {
    this.tell(this.locks.expire(key));
  }

  believesToHold(sagaId: string, key: string): boolean {
    return holds(this.store.read(sagaId).state, key);
  }

  private tell(messages: readonly LockMessage[]): boolean {
    for (const { sagaId, key, change } of messages)
      this.trace?.push(`lock ${key} ${change} by ${shortName(sagaId)}`);
    this.broker.send(...messages);
    return messages.length > 0;
  }

  private countDeadline(deadline: Deadline): void {
    const id = commandId(deadline.sagaId, deadline);
    const firing = `${id}#${deadline.attempt}`;
    this.coverage.deadlinesFired++;
    if (this.fired.has(firing)) this.coverage.deadlinesFiredTwice++;
    this.fired.add(firing);
    if (this.broker.toDeciders.some((message) => answers(message, id))) {
      this.coverage.deadlinesFiredWhileAnswered++;
    }
  }

  private note(decider: Decider, ...what: string[]): void {
    this.trace?.push(`#${this.deciders.indexOf(decider)} ${what.join(' ')}`);
  }
}

function answers(message: Inbound, id: string): boolean {
  if (message.kind === 'fact') return toldBy(message.sagaId, message.fact) === id;
  return message.kind === 'reply' && message.id === id;
}
