import {
  decide,
  effectsOf,
  evolveAll,
  pendingCommand,
  WHOLE_SAGA,
  type Answer,
  type Command,
  type CommandKey,
  type Policies,
  type SagaDefinition,
  type SagaEvent,
  type SagaInput,
  type SagaState,
  type Timer,
} from '@clew/saga/core';
import { asStored } from './as-stored.js';

/** A command that was sent, and whether the specification has heard of it. */
export interface SentCommand {
  /** As it was sent last. */
  command: Command;
  /** `repeated`: it was expected before, and silence made the saga ask again under the same id. */
  mark: 'new' | 'repeated' | 'expected';
}

interface Deadline {
  readonly timer: Timer;
  readonly dueAt: number;
}

/**
 * One instance, given its inputs by hand. What it reads has gone through JSON, as it does through the database, and is
 * frozen: a definition that keeps a date in its input or changes what it is given is found out here.
 */
export class SagaRun {
  readonly history: SagaEvent[] = [];
  readonly answers: Answer[] = [];
  state: SagaState | undefined;
  /** Milliseconds since the start. */
  now = 0;
  /** Hears of everything that was taken. */
  whenTaken: ((input: SagaInput) => void) | undefined;
  private readonly commands = new Map<string, SentCommand>();
  private readonly deadlines = new Map<string, Deadline>();

  constructor(
    readonly definition: SagaDefinition,
    private readonly policies: Policies,
  ) {}

  /** All that was sent, in the order of the last sending. */
  get sent(): SentCommand[] {
    return [...this.commands.values()];
  }

  /** The key that the instance has asked for and waits for. */
  get awaitedLock(): string | undefined {
    const { locks } = this.state ?? {};
    return locks?.waiting ? locks.keys[locks.taken] : undefined;
  }

  isAwaited({ command }: SentCommand): boolean {
    const pending = this.state && pendingCommand(this.state, command.step);
    return pending?.direction === command.direction && pending.epoch === command.epoch;
  }

  /** @throws Error when the payload of a command isn't the same as when it was sent before */
  take(input: SagaInput): void {
    this.decideOn(input);
    this.whenTaken?.(input);
  }

  protected decideOn(input: SagaInput): void {
    const events = decide(this.definition, this.state, asStored(input), this.policies);
    const state = evolveAll(this.state, events);
    if (!state) return;
    this.history.push(...events);
    this.state = asStored(state);
    const effects = effectsOf(this.definition, this.state, events, this.policies);
    this.carryOut(input, effects.commands);
    for (const [step, timer] of effects.timers) {
      if (timer) this.deadlines.set(step, { timer, dueAt: this.now + timer.afterMs });
      else this.deadlines.delete(step);
    }
    if (effects.answer) this.answers.push(effects.answer);
  }

  protected carryOut(_: SagaInput, commands: readonly Command[]): void {
    for (const command of commands) this.send(command);
  }

  /** Lets time pass. Deadlines that become due fire in order. */
  passTime(milliseconds: number): void {
    const until = this.now + milliseconds;
    for (let next = this.nextDeadline; next && next.dueAt <= until; next = this.nextDeadline) this.fire(next);
    this.now = until;
  }

  /** Lets time pass to the deadline of a step; of those that are due with it, it fires first. */
  passDeadlineOf(step: string): void {
    const deadline = this.deadlines.get(step);
    if (!deadline) throw new Error(`Step "${step}" has no deadline`);
    const { dueAt } = deadline;
    for (let next = this.nextDeadline; next && next.dueAt < dueAt; next = this.nextDeadline) this.fire(next);
    if (this.deadlines.get(step) === deadline) this.fire(deadline);
    this.passTime(dueAt - this.now);
  }

  private get nextDeadline(): Deadline | undefined {
    return [...this.deadlines.values()].sort((one, other) => one.dueAt - other.dueAt)[0];
  }

  private fire({ timer, dueAt }: Deadline): void {
    const { step, direction, epoch, attempt } = timer;
    this.now = dueAt;
    this.deadlines.delete(step);
    if (step === WHOLE_SAGA) this.take({ type: 'saga-deadline' });
    else this.take({ type: 'deadline', command: { step, direction, epoch }, attempt });
  }

  protected send(fresh: Command): void {
    const command = { ...fresh, payload: asStored(fresh.payload) };
    const { step } = command;
    const id = keyOf(command);
    const earlier = this.commands.get(id);
    const [before, now] = [earlier?.command.payload, command.payload].map((payload) =>
      JSON.stringify(payload),
    );
    if (earlier && before !== now)
      throw new Error(
        `Step "${step}" was asked again with ${now}, but with ${before} before: its payload must be pure`,
      );
    const last = this.history.findLast((event) => 'step' in event && event.step === step);
    const isRepeated = last?.type === 'CommandRepeated';
    const sent = earlier ?? { command, mark: 'new' };
    sent.command = command;
    sent.mark = isRepeated && sent.mark !== 'new' ? 'repeated' : 'new';
    this.commands.delete(id);
    this.commands.set(id, sent);
  }
}

/** What tells the commands of one instance apart. */
export function keyOf({ step, direction, epoch }: CommandKey): string {
  return `${step}/${direction}/${epoch}`;
}
