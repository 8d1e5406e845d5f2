import { commandId, participantOf } from '../command.js';
import { stepNamed } from '../definition.js';
import { Clock } from './clock.js';
import type { Coverage } from './coverage.js';
import { PARTICIPANTS } from './draw-definition.js';
import type { Guards } from './guards.js';
import { InstanceStore, type Deadline } from './instance-store.js';
import { Ledger } from './ledger.js';
import type { CommandMessage } from './messages.js';
import { Orchestrator, type Inbound } from './orchestrator.js';
import { Participant } from './participant.js';
import type { SagaCore } from './saga-core.js';
import type { Scenario, StepPlan } from './scenario.js';
import { describeDeadline, describeEvent, describeInbound, shortId, type Trace } from './trace.js';

/**
 * Everything that takes part in a history, and the single things that can happen to it. Nothing happens by itself: a
 * phase decides what comes next.
 */
export class World {
  readonly clock = new Clock();
  readonly ledger = new Ledger(this.clock);
  readonly store: InstanceStore;
  readonly participants: ReadonlyMap<string, Participant>;
  readonly orchestrators: readonly Orchestrator[];
  /** Commands on their way. Any of them may arrive next. */
  readonly toParticipants: CommandMessage[] = [];
  /** Starts and replies on their way. Any of them may arrive next. */
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
    const planOf = (sagaId: string, step: string): StepPlan =>
      scenario.sagas.find((saga) => saga.sagaId === sagaId)!.steps.get(step)!;
    const participant = () => new Participant(scenario.capacities, planOf, ledger, clock, guards, coverage);
    this.participants = new Map(PARTICIPANTS.map((name) => [name, participant()]));
    const store = new InstanceStore(clock, guards);
    this.store = store;
    const orchestrator = () => new Orchestrator(scenario, core, store, coverage);
    this.orchestrators = Array.from({ length: scenario.orchestrators }, orchestrator);
    for (const { sagaId, input } of scenario.sagas) {
      this.toOrchestrators.push({ kind: 'start', sagaId, input });
    }
  }

  participantFor(step: string): Participant {
    const { action } = stepNamed(this.scenario.definition, step);
    return this.participants.get(participantOf(action.type))!;
  }

  /** A participant commits. If it crashes then, it has neither published its reply nor acknowledged the command. */
  deliverCommand(place: number, crashesAfterCommit: boolean): void {
    const [message] = this.toParticipants.splice(place, 1) as [CommandMessage];
    const participant = this.participants.get(message.command.participant)!;
    this.coverage.delivered++;
    if (place > 0) this.coverage.overtaken++;
    this.trace?.push(`deliver ${shortId(message.id)}${crashesAfterCommit ? ', crash after the commit' : ''}`);
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
    else this.toParticipants.push(...orchestrator.publish());
    if (!this.trace) return;
    const written = this.store.commits
      .slice(before)
      .map(({ sagaId, events }) => `${sagaId.at(-1)}: ${events.map(describeEvent).join(', ')};`);
    this.note(orchestrator, 'moves on', ...written);
  }

  /** What the orchestrator had taken without acknowledging it is on its way again. */
  crash(orchestrator: Orchestrator): void {
    this.note(orchestrator, 'crashes');
    this.toOrchestrators.push(...orchestrator.crash());
  }

  /** Publishes a command that was left in the outbox, or one that its orchestrator hasn't come to publish yet. */
  sweepCommand(place: number, crashesBeforeDeleting: boolean): void {
    const message = this.store.outbox[place]!;
    this.coverage.swept++;
    this.trace?.push(`sweep ${shortId(message.id)}`);
    if (crashesBeforeDeleting) this.coverage.publishedTwice++;
    else this.store.outbox.splice(place, 1);
    this.toParticipants.push(message);
  }

  /** Publishes the replies that participants have left in their outboxes. */
  sweepReplies(): void {
    for (const { outbox } of this.participants.values()) {
      this.coverage.swept += outbox.length;
      this.toOrchestrators.push(...outbox.splice(0));
    }
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
