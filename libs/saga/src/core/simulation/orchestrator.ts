import { commandId, parseCommandId } from '../command.js';
import { evolveAll } from '../evolve.js';
import type { SagaInput } from '../inputs.js';
import type { Coverage } from './coverage.js';
import type { Deadline, InstanceStore, Snapshot } from './instance-store.js';
import type { CommandMessage, ReplyMessage, StartMessage } from './messages.js';
import type { SagaCore } from './saga-core.js';
import type { Scenario } from './scenario.js';

export type Inbound = StartMessage | ReplyMessage;

/** The inputs of one instance in a batch, and the instance as it was read. */
interface Fold {
  readonly sagaId: string;
  readonly inputs: readonly SagaInput[];
  readonly snapshot: Snapshot;
}

const RANK = { start: 0, reply: 1, deadline: 2 } as const;

/**
 * One orchestrator process. It takes a batch and reads the instances; then it writes each of them; then it publishes and
 * acknowledges. Between any two of these others may act, and it may crash.
 */
export class Orchestrator {
  private unacknowledged: readonly Inbound[] = [];
  private folds: readonly Fold[] = [];
  private unpublished: CommandMessage[] = [];

  constructor(
    private readonly scenario: Scenario,
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
    for (const [sagaId, input] of [...messages.map(inputOfMessage), ...deadlines.map(inputOfDeadline)]) {
      inputs.set(sagaId, [...(inputs.get(sagaId) ?? []), input]);
    }
    this.folds = [...inputs].map(([sagaId, unordered]) => {
      if (unordered.length > 1) this.coverage.batchesFolded++;
      const ordered = unordered.sort((a, b) => RANK[a.type] - RANK[b.type]);
      return { sagaId, inputs: ordered, snapshot: this.store.read(sagaId) };
    });
  }

  /** Writes what it holds; an instance that somebody else has written meanwhile is read again and stays held. */
  commit(): void {
    const lost = this.folds.filter((fold) => !this.write(fold));
    this.folds = lost.map((fold) => ({ ...fold, snapshot: this.store.read(fold.sagaId) }));
  }

  /** Takes what it has written out of the outbox, if it is still there, and acknowledges the batch. */
  publish(): CommandMessage[] {
    const { outbox } = this.store;
    const commands = this.unpublished.filter((command) => outbox.includes(command));
    for (const command of commands) outbox.splice(outbox.indexOf(command), 1);
    this.unacknowledged = [];
    this.unpublished = [];
    return commands;
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
    const { definition, policies } = this.scenario;
    let state = snapshot.state;
    const events = [];
    for (const input of inputs) {
      const more = this.core.decide(definition, state, input, policies);
      if (more.length === 0) this.coverage.inputsWithoutConsequence++;
      if (more.length === 0 && input.type === 'start') this.coverage.repeatedStarts++;
      state = evolveAll(state, more);
      events.push(...more);
    }
    if (!state || events.length === 0) return true;
    const effects = this.core.effectsOf(definition, state, events, policies);
    const commands = effects.commands.map((command): CommandMessage => {
      return { kind: 'command', id: commandId(sagaId, command), sagaId, command };
    });
    const change = { state, events, commands, timers: effects.timers };
    if (!this.store.commit(sagaId, snapshot.revision, change)) return false;
    this.unpublished.push(...commands);
    return true;
  }
}

function inputOfMessage(message: Inbound): [sagaId: string, input: SagaInput] {
  if (message.kind === 'start') return [message.sagaId, { type: 'start', input: message.input }];
  const key = parseCommandId(message.id);
  if (!key) throw new Error(`A reply answers "${message.id}", which is no command id`);
  const { sagaId, ...command } = key;
  return [sagaId, { type: 'reply', command, outcome: message.outcome }];
}

function inputOfDeadline({ sagaId, step, direction, epoch, attempt }: Deadline): [string, SagaInput] {
  return [sagaId, { type: 'deadline', command: { step, direction, epoch }, attempt }];
}
