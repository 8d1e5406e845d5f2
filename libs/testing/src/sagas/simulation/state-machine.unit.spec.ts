/**
 * `docs/state-machine.md` and the code say the same: every transition that the simulation has seen is drawn there, and
 * every one that is drawn was seen. `CLEW_STATE_MACHINE=print` prints what was seen.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  decide,
  DEFAULT_POLICIES,
  effectsOf,
  evolve,
  evolveAll,
  saga,
  stepState,
  type Direction,
  type Operation,
  type SagaDefinition,
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

class Done {}
class Take {
  static readonly type = 'north.take';
  static readonly reply = Done;
}
class GiveBack {
  static readonly type = 'north.give-back';
  static readonly reply = Done;
}
const policies = { ...DEFAULT_POLICIES, compensation: { ...DEFAULT_POLICIES.compensation, attempts: 1 } };
const answered = (step: string, direction: Direction, isDone: boolean): SagaInput => ({
  type: 'reply',
  command: { step, direction, epoch: 0 },
  outcome: isDone
    ? { kind: 'done', result: {} }
    : { kind: 'rejected', rejection: { code: 'NO', message: 'No' } },
});
const silent = (step: string, direction: Direction): SagaInput => ({
  type: 'deadline',
  command: { step, direction, epoch: 0 },
  attempt: 1,
});
const operation = (operation: Operation): SagaInput => ({
  type: 'operation',
  operation,
  actor: 'ada',
  reason: 'because',
});

/**
 * What chance brings about too seldom. An undo is parked for silence, an operator lets it try again, and while it waits for
 * its turn its first attempt is refused after all, or the operator skips it. A payload is broken by a release when its step
 * is to be asked for again, and then the step is refused, or the caller cancels.
 */
function playWhatIsRare(): void {
  const start: SagaInput = { type: 'start', input: {} };
  const step = { action: Take, payload: () => ({}), compensation: GiveBack };
  const three = saga<object>('rare', { version: 1 }).step('a', step).step('b', step).step('c', step).end();
  const retried = [
    start,
    answered('a', 'action', true),
    answered('b', 'action', true),
    answered('c', 'action', false),
    silent('b', 'compensation'),
    operation({ action: 'retry', step: 'b' }),
  ];
  play(three, [...retried, answered('b', 'compensation', false)]);
  play(three, [...retried, operation({ action: 'skip', step: 'b' })]);

  for (const last of [answered('a', 'action', false), operation({ action: 'cancel' })]) {
    let calls = 0;
    // Once to try it out, once to send it; then the release comes.
    const payload = () => {
      if (++calls > 2) throw new Error('broken');
      return {};
    };
    const broken = saga<object>('broken', { version: 1 })
      .step('a', { ...step, payload })
      .end();
    play(broken, [start, silent('a', 'action'), last]);
  }
}

function play(definition: SagaDefinition, inputs: readonly SagaInput[]): void {
  let state: SagaState | undefined;
  for (const input of inputs) {
    const events = watched.decide(definition, state, input, policies);
    state = evolveAll(state, events);
    if (state) effectsOf(definition, state, events, policies);
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
