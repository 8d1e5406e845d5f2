/**
 * `docs/state-machine.md` and the code say the same: every transition that the simulation has seen is drawn there, and
 * every one that is drawn was seen. `CLEW_STATE_MACHINE=print` prints what was seen.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  decide,
  DEFAULT_POLICIES,
  evolve,
  evolveAll,
  saga,
  stepState,
  type SagaEvent,
  type SagaInput,
  type SagaState,
} from '@clew/saga/core';
import { playHistory } from './history.js';
import { SAGA_CORE, type SagaCore } from './saga-core.js';
import { tapesOf } from './simulate.js';

const SCHEDULES = 3_000;
const seen = { saga: new Set<string>(), step: new Set<string>() };

const watched: SagaCore = {
  ...SAGA_CORE,
  decide: (definition, before, input, defaults) => {
    const events = decide(definition, before, input, defaults);
    let state = before;
    for (const event of events) {
      const next = evolve(state, event);
      note(state, event, next);
      state = next;
    }
    return events;
  },
};

function note(before: SagaState | undefined, event: SagaEvent, after: SagaState): void {
  if ('step' in event && before) {
    const [from, to] = [stepState(before, event.step).status, stepState(after, event.step).status];
    seen.step.add(`${from} --> ${to}: ${event.type}`);
  } else if (!before || before.status !== after.status) {
    seen.saga.add(`${before?.status ?? '[*]'} --> ${after.status}: ${event.type}`);
  }
}

/**
 * What chance brings about too seldom: an undo is parked for silence, an operator lets it try again, and while it waits for
 * its turn its first attempt is refused after all, or the operator skips it.
 */
function playWhatIsRare(): void {
  class Done {}
  class Take {
    static readonly type = 'north.take';
    static readonly reply = Done;
  }
  class GiveBack {
    static readonly type = 'north.give-back';
    static readonly reply = Done;
  }
  const step = { action: Take, payload: () => ({}), compensation: GiveBack };
  const definition = saga<object>('rare', { version: 1 })
    .step('a', step)
    .step('b', step)
    .step('c', step)
    .end();
  const policies = { ...DEFAULT_POLICIES, compensation: { ...DEFAULT_POLICIES.compensation, attempts: 1 } };
  const command = (name: string, direction: 'action' | 'compensation') => ({
    step: name,
    direction,
    epoch: 0,
  });
  const done = { kind: 'done', result: {} } as const;
  const refused = { kind: 'rejected', rejection: { code: 'NO', message: 'No' } } as const;
  const inputs: SagaInput[] = [
    { type: 'start', input: {} },
    { type: 'reply', command: command('a', 'action'), outcome: done },
    { type: 'reply', command: command('b', 'action'), outcome: done },
    { type: 'reply', command: command('c', 'action'), outcome: refused },
    { type: 'deadline', command: command('b', 'compensation'), attempt: 1 },
    { type: 'operation', operation: { action: 'retry', step: 'b' }, actor: 'ada', reason: 'because' },
    { type: 'reply', command: command('b', 'compensation'), outcome: refused },
  ];
  const skipped: SagaInput = { ...inputs[5]!, operation: { action: 'skip', step: 'b' } } as SagaInput;
  for (const last of [inputs[6]!, skipped]) {
    let state: SagaState | undefined;
    for (const input of [...inputs.slice(0, 6), last])
      state = evolveAll(state, watched.decide(definition, state, input, policies));
  }
}

/** The arrows of the diagram under a heading, as `FROM --> TO: Event`. */
function drawn(heading: string): string[] {
  const document = readFileSync(new URL('../../../../../docs/state-machine.md', import.meta.url), 'utf8');
  const section = document.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const diagram = /```mermaid\n([^]*?)```/.exec(section)?.[1] ?? '';
  return diagram.split('\n').flatMap((line) => {
    const arrow = /^\s*(\S+) --> (\S+): (\w+)$/.exec(line);
    return arrow ? [`${arrow[1]} --> ${arrow[2]}: ${arrow[3]}`] : [];
  });
}

describe('docs/state-machine.md', () => {
  beforeAll(() => {
    for (let schedule = 0; schedule < SCHEDULES; schedule++)
      playHistory(tapesOf(1, schedule), { core: watched });
    playWhatIsRare();
    if (process.env['CLEW_STATE_MACHINE'] === 'print')
      process.stdout.write([...seen.saga, '', ...seen.step].sort().join('\n'));
  }, 120_000);

  it.each([
    ['A saga', 'saga'],
    ['A step', 'step'],
  ] as const)('draws the transitions of %s as the code makes them', (heading, kind) => {
    expect(drawn(heading).sort()).toEqual([...seen[kind]].sort());
  });
});
