import {
  commandId,
  evolveAll,
  parseCommandId,
  WHOLE_SAGA,
  type Answer,
  type SagaEvent,
  type SagaInput,
  type Timer,
} from '@clew/saga/core';
import type { Cast } from './cast.js';
import type { Coverage } from './coverage.js';
import type { Deadline, InstanceStore, Snapshot } from './instance-store.js';
import type { CommandMessage, Inbound, ReplyMessage } from './messages.js';
import type { SagaCore } from './saga-core.js';

/** The inputs of one instance in a batch, and the instance as it was read. */
interface Fold {
  readonly sagaId: string;
  readonly inputs: readonly SagaInput[];
  readonly snapshot: Snapshot;
}

/**
 * One orchestrator process. It takes a batch and reads the instances; then it writes each of them; then it publishes and
 * acknowledges. Between any two of these others may act, and it may crash.
 */
export class Orchestrator {
  private unacknowledged: readonly Inbound[] = [];
  private folds: readonly Fold[] = [];
  private unpublished: (CommandMessage | ReplyMessage)[] = [];

  constructor(
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
    const all = [...messages.map((message) => this.inputOf(message)), ...deadlines.map(inputOfDeadline)];
    for (const [sagaId, input] of all) inputs.set(sagaId, [...(inputs.get(sagaId) ?? []), input]);
    this.folds = [...inputs].map(([sagaId, folded]) => {
      if (folded.length > 1) this.coverage.batchesFolded++;
      return { sagaId, inputs: folded, snapshot: this.store.read(sagaId) };
    });
  }

  /** Writes what it holds; an instance that somebody else has written meanwhile is read again and stays held. */
  commit(): void {
    const lost = this.folds.filter((fold) => !this.write(fold));
    this.folds = lost.map((fold) => ({ ...fold, snapshot: this.store.read(fold.sagaId) }));
  }

  /** Takes what it has written out of the outbox, if it is still there, and acknowledges the batch. */
  publish(): (CommandMessage | ReplyMessage)[] {
    const { outbox } = this.store;
    const messages = this.unpublished.filter((message) => outbox.includes(message));
    for (const message of messages) outbox.splice(outbox.indexOf(message), 1);
    this.unacknowledged = [];
    this.unpublished = [];
    return messages;
  }

  /** Forgets everything. Returns what it had taken without acknowledging it. */
  crash(): readonly Inbound[] {
    if (this.holdsUnwritten) this.coverage.orchestratorCrashesBeforeCommit++;
    else this.coverage.orchestratorCrashesAfterCommit++;
    const redelivered = this.unacknowledged;
    this.unacknowledged = [];
    this.folds = [];
    this.unpublished = [];
    return redelivered;
  }

  /** False when the compare-and-set was lost. */
  private write(fold: Fold): boolean {
    if (!this.writeFolded(fold)) {
      this.coverage.compareAndSetLost++;
      return false;
    }
    for (const input of fold.inputs) {
      if (input.type === 'reply') this.store.heard.add(commandId(fold.sagaId, input.command));
    }
    return true;
  }

  /** Folds all inputs into one write. */
  private writeFolded({ sagaId, inputs, snapshot }: Fold): boolean {
    const { definition, policies } = this.cast.actor(sagaId);
    let state = snapshot.state;
    const events: SagaEvent[] = [];
    const commands: CommandMessage[] = [];
    const answers: ReplyMessage[] = [];
    const timers = new Map<string, Timer | undefined>();
    const request: string[] = [];
    let release = false;
    for (const input of inputs) {
      const more = this.core.decide(definition, state, input, policies);
      if (more.length === 0) this.coverage.inputsWithoutConsequence++;
      if (more.length === 0 && input.type === 'start') this.coverage.repeatedStarts++;
      if (input.type === 'operation') this.countOperation(more);
      state = evolveAll(state, more);
      if (!state || more.length === 0) continue;
      const effects = this.core.effectsOf(definition, state, more, policies);
      events.push(...more);
      for (const command of effects.commands)
        commands.push({
          kind: 'command',
          id: commandId(sagaId, command),
          sagaId,
          saga: definition.name,
          command,
        });
      for (const [step, timer] of effects.timers) timers.set(step, timer);
      if (effects.answer) answers.push(replyOf(effects.answer));
      request.push(...effects.locks.request);
      release ||= effects.locks.release;
    }
    if (!state || events.length === 0) return true;
    const change = { state, events, commands, answers, timers, locks: { request, release } };
    if (!this.store.commit(sagaId, snapshot.revision, change)) return false;
    this.unpublished.push(...commands, ...answers);
    return true;
  }

  private countOperation(events: readonly SagaEvent[]): void {
    if (events.length > 0) this.coverage.operationsAccepted++;
    else this.coverage.operationsWithoutConsequence++;
  }

  private inputOf(message: Inbound): [sagaId: string, input: SagaInput] {
    switch (message.kind) {
      case 'start':
        return [message.sagaId, { type: 'start', input: message.input }];
      case 'command':
        return this.inputOfCommand(message);
      case 'reply': {
        const key = parseCommandId(message.id);
        if (!key) throw new Error(`A reply answers "${message.id}", which is no command id`);
        const { sagaId, ...command } = key;
        return [sagaId, { type: 'reply', command, outcome: message.outcome }];
      }
      case 'operation': {
        const { sagaId, operation } = message;
        return [sagaId, { type: 'operation', operation, actor: 'ada', reason: 'because' }];
      }
      case 'lock': {
        const { sagaId, key, change } = message;
        return [sagaId, { type: 'lock', key, change }];
      }
    }
  }

  /** A command to the orchestrators themselves is about a child saga. */
  private inputOfCommand({ sagaId, saga, command }: CommandMessage): [sagaId: string, input: SagaInput] {
    const { step, direction, epoch, undoes } = command;
    const payload = command.payload as { input?: unknown; locks?: readonly string[] };
    const childId = this.cast.childOf(sagaId, step, undoes ?? epoch);
    const asker = { sagaId, saga, step, replyTo: 'replies' };
    if (direction === 'compensation')
      return [childId, { type: 'undo', parent: { ...asker, epoch: undoes!, undoEpoch: epoch } }];
    const parent = { ...asker, epoch, ...(payload.locks && { locks: payload.locks }) };
    return [childId, { type: 'start', input: payload.input, parent }];
  }
}

function replyOf({ parent, direction, outcome }: Answer): ReplyMessage {
  const { sagaId, step, epoch, undoEpoch } = parent;
  const key = { step, direction, epoch: direction === 'action' ? epoch : undoEpoch! };
  return { kind: 'reply', id: commandId(sagaId, key), outcome };
}

function inputOfDeadline({ sagaId, step, direction, epoch, attempt }: Deadline): [string, SagaInput] {
  if (step === WHOLE_SAGA) return [sagaId, { type: 'saga-deadline' }];
  return [sagaId, { type: 'deadline', command: { step, direction, epoch }, attempt }];
}
