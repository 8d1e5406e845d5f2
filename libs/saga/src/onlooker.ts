import type { OutboxMessage } from '@clew/outbox';
import { newId } from '@clew/ids';
import {
  decide,
  evolveAll,
  judgeOperation,
  patience,
  type Policies,
  type SagaDefinition,
  type SagaEvent,
  type Timer,
  type Verdict,
} from './core/index.js';
import { NotTheOwner, UnknownSaga } from './errors.js';
import { follow } from './journal.js';
import { messageOfFact } from './owner-messages.js';
import type { HistoryEntry } from './saga-record.js';
import { refuseBrokenStart, type EngineInput, type Fold } from './transition.js';

/**
 * The part of whoever starts a choreographed saga and shows it: it says that it has started, and says so again until the
 * owner is heard of; it passes on what people wish, and for the rest records what the owner has recorded.
 *
 * What people wish is judged by what has been heard so far; the owner may know better by then, and decides.
 */
export function lookingOn(policies: Policies): Fold {
  return (sagaId, registered, current, inputs) => {
    const { definition } = registered;
    let state = current?.state;
    let mark = current?.journal;
    const entries: HistoryEntry[] = [];
    const messages: OutboxMessage[] = [];
    const timers = new Map<string, Timer | undefined>();
    const verdicts = new Map<EngineInput, Verdict>();
    const announce = (started: unknown, attempt: number) => {
      const timer = silenceOfOwner(definition, policies, attempt);
      messages.push(messageOfFact(sagaId, registered, { type: 'started', input: started, results: {} }));
      timers.set(timer.step, timer);
    };
    const record = (more: readonly HistoryEntry[]) => {
      entries.push(...more);
      state = evolveAll(
        state,
        more.map(({ event }) => event),
      );
    };
    for (const { input, cause } of inputs) {
      switch (input.type) {
        case 'start': {
          if (state) break;
          refuseBrokenStart(definition, input, decide(definition, undefined, input, policies));
          const { input: given, coordination } = input;
          record([{ event: { type: 'SagaStarted', input: given, coordination }, cause }]);
          announce(given, 1);
          break;
        }
        case 'journal': {
          if (!state) throw new UnknownSaga(sagaId);
          const followed = follow(mark, input);
          if (!mark) timers.set(silenceOfOwner(definition, policies, 1).step, undefined);
          mark = followed.mark;
          record(followed.entries);
          break;
        }
        case 'operation': {
          if (!state) throw new UnknownSaga(sagaId);
          const verdict = judgeOperation(definition, state, input);
          verdicts.set(input, verdict);
          if (verdict.kind !== 'accepted') break;
          const { operation, actor, reason } = input;
          const event: SagaEvent = { type: 'OperationRequested', operation, actor, reason };
          record([{ event, cause }]);
          const fact = {
            type: 'requested',
            operation,
            actor,
            reason,
            input: state.input,
            results: {},
          } as const;
          messages.push(messageOfFact(sagaId, registered, fact, newId()));
          break;
        }
        case 'deadline': {
          if (!state) throw new UnknownSaga(sagaId);
          if (!mark) announce(state.input, input.attempt + 1);
          break;
        }
        default:
          throw new NotTheOwner(sagaId);
      }
    }
    const isUnchanged = entries.length === 0 && messages.length === 0 && mark === current?.journal;
    if (!state || isUnchanged) return { verdicts };
    return {
      transition: {
        sagaId,
        registered,
        expectedRevision: current?.revision ?? 0,
        state,
        entries,
        messages,
        timers,
        locks: { request: [], release: false },
        ...(mark && { journal: mark }),
      },
      verdicts,
    };
  };
}

/** Until when the owner should have been heard of: it tells of the first step as soon as it knows of the saga. */
function silenceOfOwner({ stages }: SagaDefinition, { action }: Policies, attempt: number): Timer {
  const { name: step } = stages[0]![0]!;
  const afterMs = patience(action, attempt);
  return { step, direction: 'action', epoch: 0, attempt, afterMs, jitter: action.jitter };
}
