import type { OutboxMessage } from '@clew/outbox';
import { v7 as uuidv7 } from 'uuid';
import {
  decide,
  evolveAll,
  judgeOperation,
  type Policies,
  type SagaEvent,
  type Verdict,
} from './core/index.js';
import { NotTheOwner, UnknownSaga } from './errors.js';
import { follow } from './journal.js';
import { messageOfFact } from './owner-messages.js';
import type { HistoryEntry } from './saga-record.js';
import { refuseBrokenStart, type EngineInput, type Fold } from './transition.js';

/**
 * The part of whoever starts a choreographed saga and shows it: it says that it has started, passes on what people wish, and
 * for the rest records what the owner has recorded.
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
    const verdicts = new Map<EngineInput, Verdict>();
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
          messages.push(messageOfFact(sagaId, registered, { type: 'started', input: given, results: {} }));
          break;
        }
        case 'journal': {
          if (!state) throw new UnknownSaga(sagaId);
          const followed = follow(mark, input);
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
          messages.push(messageOfFact(sagaId, registered, fact, uuidv7()));
          break;
        }
        default:
          throw new NotTheOwner(sagaId);
      }
    }
    const isUnchanged = entries.length === 0 && mark === current?.journal;
    if (!state || isUnchanged) return { verdicts };
    return {
      transition: {
        sagaId,
        registered,
        expectedRevision: current?.revision ?? 0,
        state,
        entries,
        messages,
        timers: new Map(),
        locks: { request: [], release: false },
        ...(mark && { journal: mark }),
      },
      verdicts,
    };
  };
}
