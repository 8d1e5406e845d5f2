import { answerMessage } from './command-messages.js';
import {
  asksOf,
  commandId,
  decide,
  effectsOf,
  evolveAll,
  judgeOperation,
  wordsOf,
  type Answer,
  type Command,
  type Policies,
  type SagaDefinition,
  type SagaEvent,
  type SagaInput,
  type SagaState,
  type SagaStatus,
} from './core/index.js';
import type { SagaInstance } from './saga-record.js';

/** A command as it would be sent; of a choreographed saga the word by which its owner would ask for it. */
export interface PlannedCommand {
  readonly messageId: string;
  readonly participant: string;
  /** In a choreography the topic. */
  readonly type: string;
  readonly payload: object;
  /** Milliseconds until it would count as unanswered; up to `jitter` longer. */
  readonly timeoutMs: number;
}

/** What the parent of a child saga would be told. */
export interface PlannedAnswer {
  readonly messageId: string;
  /** The parent. */
  readonly sagaId: string;
  readonly step: string;
  readonly outcome: 'done' | 'rejected';
}

/** What an operation would come to. */
export interface OperationPlan {
  readonly verdict: 'accepted' | 'unchanged' | 'refused';
  /** Why nothing would change. */
  readonly because?: string;
  readonly status: { readonly before: SagaStatus; readonly after: SagaStatus };
  /** The state that it was worked out on: if the saga moves on meanwhile, something else may follow. */
  readonly revision: number;
  /** What the history would gain, in order. */
  readonly events: readonly SagaEvent[];
  /** What would be sent to participants. */
  readonly commands: readonly PlannedCommand[];
  /** Of a child saga that would end by it. */
  readonly answer?: PlannedAnswer;
}

type OperationInput = Extract<SagaInput, { type: 'operation' }>;

/**
 * Works out what an operation would do to an instance, by the very functions that would do it.
 *
 * Of a choreographed saga this process knows what its owner has told so far. The wish is passed on to the owner, who decides:
 * the plan says what would come of it if the owner knows no more than that.
 */
export function planOf(
  instance: SagaInstance,
  definition: SagaDefinition,
  input: OperationInput,
  policies: Policies,
): OperationPlan {
  const { id, revision, state } = instance;
  const verdict = judgeOperation(definition, state, input);
  const events = decide(definition, state, input, policies);
  const after = evolveAll(state, events) as SagaState;
  const { commands, timers, answer } = effectsOf(definition, after, events, policies);
  const message = state.coordination ? asked(id, definition, after, input) : sent(id);
  return {
    verdict: verdict.kind,
    ...(verdict.kind !== 'accepted' && { because: verdict.because }),
    status: { before: state.status, after: after.status },
    revision,
    events: state.coordination && verdict.kind === 'accepted' ? [requested(input), ...events] : events,
    commands: commands.map((command) => ({
      ...message(command),
      participant: command.participant,
      timeoutMs: timers.get(command.step)?.afterMs ?? 0,
    })),
    ...(answer && { answer: answered(answer) }),
  };
}

type Message = Pick<PlannedCommand, 'messageId' | 'type' | 'payload'>;

function sent(sagaId: string): (command: Command) => Message {
  return (command) => ({
    messageId: commandId(sagaId, command),
    type: command.type,
    payload: command.payload,
  });
}

function asked(
  sagaId: string,
  definition: SagaDefinition,
  state: SagaState,
  input: OperationInput,
): (command: Command) => Message {
  return (command) => {
    const [fact] = asksOf(definition, state, input, [command]);
    const { factId, topic, body } = wordsOf(sagaId, definition.name, fact!);
    return { messageId: factId, type: topic, payload: body };
  };
}

function requested({ operation, actor, reason }: OperationInput): SagaEvent {
  return { type: 'OperationRequested', operation, actor, reason };
}

function answered(answer: Answer): PlannedAnswer {
  const { sagaId, step } = answer.parent;
  const { kind: outcome } = answer.outcome;
  return { messageId: answerMessage(answer).messageId, sagaId, step, outcome };
}
