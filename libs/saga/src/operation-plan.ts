import {
  commandId,
  decide,
  effectsOf,
  evolveAll,
  judgeOperation,
  WHOLE_SAGA,
  type Policies,
  type SagaDefinition,
  type SagaEvent,
  type SagaInput,
  type SagaState,
  type SagaStatus,
} from './core/index.js';
import type { SagaInstance } from './saga-record.js';

/** A command as it would be sent. */
export interface PlannedCommand {
  readonly messageId: string;
  readonly participant: string;
  readonly type: string;
  readonly payload: object;
  /** Milliseconds until it would count as unanswered; up to `jitter` longer. */
  readonly timeoutMs: number;
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
  /** What would be sent. */
  readonly commands: readonly PlannedCommand[];
}

/** Works out what an operation would do to an instance, by the very functions that would do it. */
export function planOf(
  { id, revision, state }: SagaInstance,
  definition: SagaDefinition,
  input: Extract<SagaInput, { type: 'operation' }>,
  policies: Policies,
): OperationPlan {
  const verdict = judgeOperation(definition, state, input);
  const events = decide(definition, state, input, policies);
  const after = evolveAll(state, events) as SagaState;
  const { commands, timers } = effectsOf(definition, after, events, policies);
  return {
    verdict: verdict.kind,
    ...(verdict.kind !== 'accepted' && { because: verdict.because }),
    status: { before: state.status, after: after.status },
    revision,
    events,
    commands: commands.map((command) => ({
      messageId: commandId(id, command),
      participant: command.participant,
      type: command.type,
      payload: command.payload,
      timeoutMs: (command.step !== WHOLE_SAGA && timers.get(command.step)?.afterMs) || 0,
    })),
  };
}
