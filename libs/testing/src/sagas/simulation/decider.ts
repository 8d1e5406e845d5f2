import { evolveAll, WHOLE_SAGA, type SagaEvent, type SagaInput, type Timer } from '@clew/saga/core';
import { answeredBy } from './answered-command.js';
import type { Cast } from './cast.js';
import type { Coverage } from './coverage.js';
import type { Deadline, InstanceStore, Snapshot } from './instance-store.js';
import { commandMessage, type CommandMessage, type Inbound, type Outbound } from './messages.js';
import type { Role } from './role.js';
import type { SagaCore } from './saga-core.js';

/** The inputs of one instance in a batch, and the instance as it was read. */
interface Fold {
  readonly sagaId: string;
  readonly inputs: readonly SagaInput[];
  readonly snapshot: Snapshot;
  readonly readAt: number;
}

/**
 * One process that decides: of an orchestrator, or of the owner of choreographed sagas. It takes a batch and reads the instances; then it writes each of them; then it publishes and
 * acknowledges. Between any two of these others may act, and it may crash.
 */
export class Decider {
  private unacknowledged: readonly Inbound[] = [];
  private folds: readonly Fold[] = [];
  private unpublished: Outbound[] = [];

  constructor(
    private readonly role: Role,
    private readonly cast: Cast,
    private readonly core: SagaCore,
    private readonly store: InstanceStore,
    private readonly coverage: Coverage,
  ) {}

  get isIdle(): boolean {
    return !this.holdsUnwritten && this.unpublished.length === 0;
  }

  get holdsUnwritten(): boolean {
    return this.folds.length > 0;
  }

  /** Takes a batch and reads the instances that it is about. */
  take(messages: readonly Inbound[], deadlines: readonly Deadline[]): void {
    this.unacknowledged = messages;
    const inputs = new Map<string, SagaInput[]>();
    // Deadlines last: what was answered in time isn't punished for coming in one batch with them.
    const all = [...messages.map((message) => this.role.inputOf(message)), ...deadlines.map(inputOfDeadline)];
    for (const [sagaId, input] of all) inputs.set(sagaId, [...(inputs.get(sagaId) ?? []), input]);
    this.folds = [...inputs].map(([sagaId, folded]) => {
      if (folded.length > 1) this.coverage.batchesFolded++;
      return { sagaId, inputs: folded, ...this.read(sagaId) };
    });
  }

  /** Writes what it holds; an instance that somebody else has written meanwhile is read again and stays held. */
  commit(): void {
    const lost = this.folds.filter((fold) => !this.write(fold));
    this.folds = lost.map((fold) => ({ ...fold, ...this.read(fold.sagaId) }));
  }

  /** Takes what it has written out of the outbox, if it is still there, and acknowledges the batch. */
  publish(): Outbound[] {
    const { outbox } = this.store;
    const messages = this.unpublished.filter((message) => outbox.includes(message));
    for (const message of messages) outbox.splice(outbox.indexOf(message), 1);
    this.unacknowledged = [];
    this.unpublished = [];
    return messages;
  }

  /** Forgets everything. Returns what it had taken without acknowledging it. */
  crash(): readonly Inbound[] {
    if (this.holdsUnwritten) this.coverage.deciderCrashesBeforeCommit++;
    else this.coverage.deciderCrashesAfterCommit++;
    const redelivered = this.unacknowledged;
    this.unacknowledged = [];
    this.folds = [];
    this.unpublished = [];
    return redelivered;
  }

  private read(sagaId: string): Pick<Fold, 'snapshot' | 'readAt'> {
    return { snapshot: this.store.read(sagaId), readAt: this.store.now };
  }

  /** False when the compare-and-set was lost. */
  private write(fold: Fold): boolean {
    if (!this.writeFolded(fold)) {
      this.coverage.compareAndSetLost++;
      return false;
    }
    for (const input of fold.inputs) {
      const answered = answeredBy(fold.sagaId, input);
      if (answered !== undefined) this.store.heard.set(answered, fold.readAt);
    }
    return true;
  }

  /** Folds all inputs into one write. */
  private writeFolded({ sagaId, inputs, snapshot }: Fold): boolean {
    const { definition, policies } = this.cast.actor(sagaId);
    let state = snapshot.state;
    const events: SagaEvent[] = [];
    const commands: CommandMessage[] = [];
    const words: Outbound[] = [];
    const timers = new Map<string, Timer | undefined>();
    const request: string[] = [];
    let release = false;
    for (const input of inputs) {
      const more = this.core.decide(definition, state, input, policies);
      this.count(input, more);
      state = evolveAll(state, more);
      if (!state || more.length === 0) continue;
      const effects = this.core.effectsOf(definition, state, more, policies);
      events.push(...more);
      commands.push(...effects.commands.map((command) => commandMessage(sagaId, definition, command)));
      words.push(...this.role.wordsFor({ sagaId, definition, input, state, effects }));
      for (const [step, timer] of effects.timers) timers.set(step, timer);
      request.push(...effects.locks.request);
      release ||= effects.locks.release;
    }
    if (!state || events.length === 0) return true;
    const change = { state, events, commands, words, timers, locks: { request, release } };
    if (!this.store.commit(sagaId, snapshot.revision, change)) return false;
    this.unpublished.push(...words);
    return true;
  }

  private count(input: SagaInput, events: readonly SagaEvent[]): void {
    const isInVain = events.length === 0;
    const type = input.type === 'fact' ? input.fact.type : input.type;
    if (isInVain) this.coverage.inputsWithoutConsequence++;
    if (isInVain && (type === 'start' || type === 'started')) this.coverage.repeatedStarts++;
    if (type !== 'operation' && type !== 'requested') return;
    if (isInVain) this.coverage.operationsWithoutConsequence++;
    else this.coverage.operationsAccepted++;
  }
}

function inputOfDeadline({ sagaId, step, direction, epoch, attempt }: Deadline): [string, SagaInput] {
  if (step === WHOLE_SAGA) return [sagaId, { type: 'saga-deadline' }];
  return [sagaId, { type: 'deadline', command: { step, direction, epoch }, attempt }];
}
