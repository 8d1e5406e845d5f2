import {
  asksOf,
  factOf,
  ownerTopicsOf,
  participantOf,
  reactTo,
  stepsOf,
  topicOf,
  topicsOf,
  type Command,
  type Fact,
  type Outcome,
  type OwnCommand,
  type Policies,
  type SagaDefinition,
  type SagaInput,
} from '@clew/saga/core';
import { asStored } from './as-stored.js';
import { keyOf, SagaRun } from './saga-run.js';

const DONE: Outcome = { kind: 'done', result: {} };

/**
 * One instance that its participants move on by themselves. What is said reaches everybody at once; what they give
 * themselves to do is answered by hand, as if an orchestrator had sent it. A step that has never begun is undone in no time.
 */
export class ChoreographedRun extends SagaRun {
  private readonly participants: readonly string[];
  private readonly begun = new Map<string, OwnCommand>();
  private readonly told = new Map<string, Fact>();
  /** Actions that have been undone, or may not begin any more. */
  private readonly undone = new Set<string>();
  private readonly waiting: Fact[] = [];

  constructor(definition: SagaDefinition, policies: Policies) {
    super(definition, policies);
    this.participants = [...new Set(stepsOf(definition).map(({ action }) => participantOf(action.type)))];
  }

  override take(input: SagaInput): void {
    switch (input.type) {
      case 'start':
        this.waiting.push({ type: 'started', input: input.input, results: {} });
        break;
      case 'reply':
        this.answer(keyOf(input.command), input.outcome);
        break;
      case 'operation': {
        const { operation, actor, reason } = input;
        const knowledge = { input: this.state?.input, results: {} };
        this.waiting.push({ type: 'requested', operation, actor, reason, ...knowledge });
        break;
      }
      default:
        this.decideOn(input);
    }
    this.spread();
  }

  protected override carryOut(input: SagaInput, commands: readonly Command[]): void {
    this.waiting.push(...asksOf(this.definition, this.state!, input, commands));
  }

  private spread(): void {
    for (let said = this.waiting.shift(); said; said = this.waiting.shift()) {
      const fact = asStored(said);
      const topic = topicOf(this.definition.name, fact);
      for (const participant of this.participants)
        if (topicsOf(this.definition, participant).includes(topic)) this.act(participant, fact);
      if (ownerTopicsOf(this.definition).includes(topic)) this.decideOn({ type: 'fact', fact });
    }
  }

  private act(participant: string, fact: Fact): void {
    for (const own of reactTo(this.definition, participant, fact)) this.begin(own);
  }

  private begin(own: OwnCommand): void {
    const { command } = own;
    const { step, direction, undoes = 0 } = command;
    const key = keyOf(command);
    const action = keyOf({ step, direction: 'action', epoch: undoes });
    if (direction === 'action' && this.undone.has(key)) return;
    if (direction === 'compensation') this.undone.add(action);
    if (direction === 'compensation' && !this.begun.has(action)) this.waiting.push(factOf(own, DONE));
    else this.askAgain(own);
  }

  /** Unless it is the same attempt that has only been heard of once more. */
  private askAgain(own: OwnCommand): void {
    const key = keyOf(own.command);
    const earlier = this.begun.get(key);
    if (earlier && earlier.command.attempt >= own.command.attempt) return;
    this.begun.set(key, own);
    this.send(own.command);
  }

  private answer(key: string, outcome: Outcome): void {
    const own = this.begun.get(key);
    if (!own) return;
    const fact = this.told.get(key) ?? factOf(own, outcome);
    this.told.set(key, fact);
    this.waiting.push(fact);
  }
}
