import {
  isGivenUp,
  ownerOf,
  participantOf,
  pendingCommand,
  policyOf,
  stepsOf,
  stepState,
  type Direction,
  type ParkReason,
  type Policies,
  type SagaDefinition,
  type StepDefinition,
} from './core/index.js';
import type { SagaRecord } from './saga-record.js';

/** A deadline that is still to come, or due. */
export interface PendingDeadline {
  readonly step: string;
  /** Milliseconds until then by the database's clock; negative when it is over. */
  readonly dueInMs: number;
}

/** What a saga that hasn't ended waits for. */
export type Wait =
  | {
      /** The reply to a command. */
      readonly for: 'reply';
      readonly step: string;
      readonly direction: Direction;
      readonly participant: string;
      /** Attempts so far; in a choreography those that the owner has told of. */
      readonly attempt: number;
      /** After so many attempts `then` happens; `Infinity` when it is asked for ever. */
      readonly attempts: number;
      readonly then: 'turns back' | 'is parked';
      /** When it was last asked for. */
      readonly since: Date;
      /** Milliseconds until it is asked again, or given up. Unknown where somebody else keeps the deadline. */
      readonly dueInMs?: number;
      /** Who keeps the deadline of a choreographed saga. */
      readonly owner?: string;
    }
  /** An operator's decision. */
  | {
      readonly for: 'operator';
      readonly step: string;
      readonly direction: Direction;
      readonly reason: ParkReason;
      readonly since: Date;
    }
  | { readonly for: 'lock'; readonly key: string; readonly since: Date };

/** What a saga waits for, in the order of its definition; nothing once it has ended. */
export function waitsOf(
  record: SagaRecord,
  definition: SagaDefinition,
  deadlines: readonly PendingDeadline[],
  policies: Policies,
): Wait[] {
  const { locks } = record.state;
  const key = locks?.waiting ? locks.keys[locks.taken] : undefined;
  if (key !== undefined) return [{ for: 'lock', key, since: record.updatedAt }];
  return stepsOf(definition).flatMap((step) => waitOf(step, record, definition, deadlines, policies) ?? []);
}

function waitOf(
  definedStep: StepDefinition,
  record: SagaRecord,
  definition: SagaDefinition,
  deadlines: readonly PendingDeadline[],
  policies: Policies,
): Wait | undefined {
  const { name: step, action, compensation } = definedStep;
  const state = stepState(record.state, step);
  const since = lastChange(record, step);
  if (state.status === 'STUCK') {
    const direction = state.undo ? 'compensation' : 'action';
    return { for: 'operator', step, direction, reason: state.reason, since };
  }
  const pending = pendingCommand(record.state, step);
  if (!pending) return undefined;
  const { direction, attempt } = pending;
  const isGivenUpAtLast = direction === 'compensation' || isGivenUp(definedStep);
  const { attempts } = policyOf(definedStep, direction, policies);
  const dueInMs = deadlines.find((deadline) => deadline.step === step)?.dueInMs;
  return {
    for: 'reply',
    step,
    direction,
    participant: participantOf((direction === 'action' ? action : compensation!).type),
    attempt,
    attempts: isGivenUpAtLast ? attempts : Infinity,
    then: direction === 'action' ? 'turns back' : 'is parked',
    since,
    ...(record.state.coordination ? { owner: ownerOf(definition) } : dueInMs !== undefined && { dueInMs }),
  };
}

/** When something happened to a step last. */
function lastChange({ history, createdAt }: SagaRecord, step: string): Date {
  return (
    history.findLast(({ entries }) => entries.some(({ event }) => 'step' in event && event.step === step))
      ?.at ?? createdAt
  );
}
