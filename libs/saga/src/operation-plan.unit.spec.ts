import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICIES, evolveAll, saga, type Operation, type SagaEvent } from './core/index.js';
import { planOf } from './operation-plan.js';
import type { SagaInstance } from './saga-record.js';

class Done {}
class Book {
  static readonly type = 'shop.book';
  static readonly reply = Done;
}
class Unbook {
  static readonly type = 'shop.unbook';
  static readonly reply = Done;
}
const id = '0192a000-0000-7000-8000-000000000000';
const parentId = '0192a000-0000-7000-8000-000000000001';
const step = { action: Book, payload: () => ({ what: 'tea' }), compensation: Unbook };
const order = saga<object>('order', { version: 1 }).step('first', step).step('second', step).end();
const ada = { actor: 'ada', reason: 'ill' };

function plan(operation: Operation, ...events: SagaEvent[]) {
  const state = evolveAll(undefined, events)!;
  const instance = { id, revision: 7, state } as SagaInstance;
  return planOf(instance, order, { type: 'operation', operation, ...ada }, DEFAULT_POLICIES);
}
const begun: SagaEvent[] = [
  { type: 'StepStarted', step: 'first', epoch: 0, attempt: 1 },
  { type: 'StepSucceeded', step: 'first', result: {} },
  { type: 'StepStarted', step: 'second', epoch: 0, attempt: 1 },
];
const cancel: Operation = { action: 'cancel' };
const turningBack = ['CompensationBegan', 'StepLeftInDoubt', 'StepCompensationStarted'];

describe('what an operation would come to', () => {
  it('are the commands that an orchestrator would send', () => {
    const planned = plan(cancel, { type: 'SagaStarted', input: {} }, ...begun);
    expect(planned).toMatchObject({ verdict: 'accepted', revision: 7 });
    expect(planned.status).toEqual({ before: 'RUNNING', after: 'COMPENSATING' });
    expect(planned.events.map(({ type }) => type)).toEqual(turningBack);
    expect(planned.commands).toEqual([
      {
        messageId: `${id}/second/compensation/0`,
        participant: 'shop',
        type: 'shop.unbook',
        payload: {},
        timeoutMs: 10_000,
      },
    ]);
    expect(planned.answer).toBeUndefined();
  });

  it('are the wish, and what the owner of a choreographed saga would say then', () => {
    const planned = plan(cancel, { type: 'SagaStarted', input: {}, coordination: 'choreography' }, ...begun);
    expect(planned.events.map(({ type }) => type)).toEqual(['OperationRequested', ...turningBack]);
    expect(planned.events[0]).toEqual({ type: 'OperationRequested', operation: cancel, ...ada });
    expect(planned.commands).toEqual([
      {
        messageId: `${id}/second/undo-asked/0/1`,
        participant: 'shop',
        type: 'order.second.undo-asked',
        payload: { epoch: 0, attempt: 1, undoes: 0, undone: [], rest: [{ step: 'first', undoes: 0 }] },
        timeoutMs: 10_000,
      },
    ]);
  });

  it('is nothing when nothing would change, in either coordination', () => {
    const retry: Operation = { action: 'retry', step: 'second' };
    for (const coordination of [undefined, 'choreography'] as const)
      expect(
        plan(retry, { type: 'SagaStarted', input: {}, ...(coordination && { coordination }) }, ...begun),
      ).toMatchObject({ verdict: 'unchanged', because: expect.any(String), events: [], commands: [] });
  });

  it('is also what the parent of a child saga would be told', () => {
    const parent = { sagaId: parentId, saga: 'whole', step: 'part', epoch: 0, replyTo: 'replies' };
    const started: SagaEvent = { type: 'SagaStarted', input: {}, parent };
    expect(plan(cancel, started).answer).toEqual({
      messageId: `${parentId}/part/action/0/reply`,
      sagaId: parentId,
      step: 'part',
      outcome: 'rejected',
    });
    expect(plan(cancel, started, ...begun).answer).toBeUndefined();
  });
});
