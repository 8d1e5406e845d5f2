import { commandId, participantOf, SAGA_PARTICIPANT, stepsOf } from '@clew/saga/core';
import { holds } from './lock-properties.js';
import { Cast } from './cast.js';
import { Clock } from './clock.js';
import type { Coverage } from './coverage.js';
import type { Guards } from './guards.js';
import { InstanceStore, type Deadline } from './instance-store.js';
import { Ledger } from './ledger.js';
import { LockTable } from './lock-table.js';
import type { CommandMessage, Inbound, LockMessage, ReplyMessage } from './messages.js';
import { Orchestrator } from './orchestrator.js';
import { Participant } from './participant.js';
import type { SagaCore } from './saga-core.js';
import { familyOf, type Scenario } from './scenario.js';
import { describeDeadline, describeEvent, describeInbound, shortId, shortName, type Trace } from './trace.js';

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
  readonly orchestrators: readonly Orchestrator[];
  /** Commands on their way. Any of them may arrive next. */
  readonly toParticipants: CommandMessage[] = [];
  /** What is on its way to the orchestrators. Any of it may arrive next. */
  readonly toOrchestrators: Inbound[] = [];
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
    const orchestrator = () => new Orchestrator(cast, core, store, coverage);
    this.orchestrators = Array.from({ length: scenario.orchestrators }, orchestrator);
    for (const { sagaId, input } of scenario.sagas) {
      this.toOrchestrators.push({ kind: 'start', sagaId, input });
    }
  }

  /** A participant commits. If it crashes then, it has neither published its reply nor acknowledged the command. */
  deliverCommand(place: number, crashesAfterCommit: boolean): void {
    const [message] = this.toParticipants.splice(place, 1) as [CommandMessage];
    this.coverage.delivered++;
    if (place > 0) this.coverage.overtaken++;
    this.trace?.push(`deliver ${shortId(message.id)}${crashesAfterCommit ? ', crash after the commit' : ''}`);
    if (message.command.participant === SAGA_PARTICIPANT) {
      this.toOrchestrators.push(message);
      return;
    }
    const participant = this.participants.get(message.command.participant)!;
    participant.handle(message);
    if (crashesAfterCommit) {
      this.coverage.participantCrashesAfterCommit++;
      this.toParticipants.push(message);
    } else {
      this.toOrchestrators.push(...participant.outbox.splice(0));
    }
  }

  /** An idle orchestrator takes messages, named by their places on the way, and deadlines. */
  takeBatch(orchestrator: Orchestrator, places: ReadonlySet<number>, deadlines: readonly Deadline[]): void {
    const messages = this.toOrchestrators.filter((_, place) => places.has(place));
    const others = this.toOrchestrators.filter((_, place) => !places.has(place));
    this.coverage.delivered += messages.length;
    if (messages.length > 0 && !places.has(0)) this.coverage.overtaken++;
    for (const deadline of deadlines) this.countDeadline(deadline);
    this.note(orchestrator, 'takes', ...messages.map(describeInbound), ...deadlines.map(describeDeadline));
    this.toOrchestrators.splice(0, this.toOrchestrators.length, ...others);
    orchestrator.take(messages, deadlines);
  }

  /** A busy orchestrator writes what it holds, or publishes what it has written. */
  moveOn(orchestrator: Orchestrator): void {
    const before = this.store.commits.length;
    if (orchestrator.holdsUnwritten) orchestrator.commit();
    else for (const message of orchestrator.publish()) this.send(message);
    if (!this.trace) return;
    const written = this.store.commits
      .slice(before)
      .map(({ sagaId, events }) => `${shortName(sagaId)}: ${events.map(describeEvent).join(', ')};`);
    this.note(orchestrator, 'moves on', ...written);
  }

  /** What the orchestrator had taken without acknowledging it is on its way again. */
  crash(orchestrator: Orchestrator): void {
    this.note(orchestrator, 'crashes');
    this.toOrchestrators.push(...orchestrator.crash());
  }

  /** Publishes a message that was left in the outbox, or one that its orchestrator hasn't come to publish yet. */
  sweepOutbox(place: number, crashesBeforeDeleting: boolean): void {
    const message = this.store.outbox[place]!;
    this.coverage.swept++;
    this.trace?.push(`sweep ${shortId(message.id)}`);
    if (crashesBeforeDeleting) this.coverage.publishedTwice++;
    else this.store.outbox.splice(place, 1);
    this.send(message);
  }

  /** Publishes the replies that participants have left in their outboxes. */
  sweepReplies(): void {
    for (const { outbox } of this.participants.values()) {
      this.coverage.swept += outbox.length;
      this.toOrchestrators.push(...outbox.splice(0));
    }
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
    this.toOrchestrators.push(...messages);
    return messages.length > 0;
  }

  private send(message: CommandMessage | ReplyMessage): void {
    if (message.kind === 'command') this.toParticipants.push(message);
    else this.toOrchestrators.push(message);
  }

  private countDeadline(deadline: Deadline): void {
    const id = commandId(deadline.sagaId, deadline);
    const firing = `${id}#${deadline.attempt}`;
    this.coverage.deadlinesFired++;
    if (this.fired.has(firing)) this.coverage.deadlinesFiredTwice++;
    this.fired.add(firing);
    if (this.toOrchestrators.some((message) => message.kind === 'reply' && message.id === id)) {
      this.coverage.deadlinesFiredWhileAnswered++;
    }
  }

  private note(orchestrator: Orchestrator, ...what: string[]): void {
    this.trace?.push(`#${this.orchestrators.indexOf(orchestrator)} ${what.join(' ')}`);
  }
}
