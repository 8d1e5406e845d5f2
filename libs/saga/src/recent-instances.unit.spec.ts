import { describe, expect, it } from '@jest/globals';
import type { SagaState } from './core/index.js';
import { RecentInstances } from './recent-instances.js';
import type { Transition } from './transition.js';

const transition = (sagaId: string, state: Partial<SagaState> = {}): Transition => ({
  sagaId,
  registered: {
    definition: { name: 'order', version: 3 },
    hash: 'abc',
  } as unknown as Transition['registered'],
  expectedRevision: 4,
  state: { status: 'RUNNING', input: { what: 'tea' }, steps: {}, ...state },
  entries: [],
  messages: [],
  timers: new Map(),
  locks: { request: [], release: false },
});
const texts = (input: unknown) => ({ input: JSON.stringify(input), state: '{"steps":{}}', failure: '' });

describe('recent instances', () => {
  it('are recalled as they were written, each time anew', () => {
    const recent = new RecentInstances();
    recent.remember(transition('a'), { ...texts({ what: 'tea' }), failure: '{"code":"SOLD_OUT"}' });
    const recalled = recent.recall('a');
    expect(recalled).toEqual({
      saga: 'order',
      version: 3,
      definitionHash: 'abc',
      revision: 5,
      state: { status: 'RUNNING', input: { what: 'tea' }, steps: {}, failure: { code: 'SOLD_OUT' } },
    });
    (recalled?.state.input as { what: string }).what = 'coffee';
    expect(recent.recall('a')?.state.input).toEqual({ what: 'tea' });
    expect(recent.inputOf('a')).toBe('{"what":"tea"}');
  });

  it('are unknown once they have ended or may have been changed', () => {
    const recent = new RecentInstances();
    for (const id of ['a', 'b']) recent.remember(transition(id), texts('tea'));
    recent.remember(transition('a', { status: 'COMPLETED' }), texts('tea'));
    recent.forget('b');
    expect([recent.recall('a'), recent.recall('b'), recent.size]).toEqual([undefined, undefined, 0]);
  });

  it('take no more room than they may: what was written longest ago goes first', () => {
    const recent = new RecentInstances(1_000);
    for (const id of ['a', 'b', 'c']) recent.remember(transition(id), texts('x'.repeat(300)));
    recent.remember(transition('a'), texts('x'.repeat(300)));
    recent.remember(transition('d'), texts('x'.repeat(300)));
    expect(['a', 'b', 'c', 'd'].map((id) => recent.recall(id) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
    recent.remember(transition('huge'), texts('x'.repeat(2_000)));
    expect(recent.size).toBe(0);
  });
});
