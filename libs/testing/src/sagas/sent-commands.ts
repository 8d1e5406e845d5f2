import { participantOf, SAGA_PARTICIPANT, type Direction } from '@clew/saga/core';
import { mismatch } from './mismatch.js';
import type { SagaRun, SentCommand } from './saga-run.js';
import { inWords, UnmetExpectation } from './unmet-expectation.js';

/** What a specification says of a command; what isn't said doesn't matter. */
export interface Wanted {
  /** How people call it. */
  readonly name: string;
  readonly type?: string;
  readonly direction?: Direction;
  readonly step?: string;
  readonly attempt?: number;
  readonly epoch?: number;
  /** Of a child saga. */
  readonly child?: { readonly name: string; readonly version: number };
}

/** The one command among those that are still to be expected. */
export function findUnexpected(run: SagaRun, wanted: Wanted): SentCommand {
  const fresh = run.sent.filter(({ mark }) => mark !== 'expected');
  return theOnly(run, fresh, wanted, 'to be sent', 'it was not');
}

/** The one command among those that were expected and aren't answered. */
export function findAwaited(run: SagaRun, wanted: Wanted): SentCommand {
  const awaited = run.sent.filter((sent) => run.isAwaited(sent));
  return theOnly(run, awaited, wanted, 'to be awaited', 'it is not');
}

/** The last command of those that were sent and aren't awaited any more. */
export function findLate(run: SagaRun, wanted: Wanted): SentCommand {
  const over = run.sent.filter((sent) => !run.isAwaited(sent) && fits(sent, wanted));
  return theOnly(run, over.slice(-1), wanted, 'to be sent and over', 'it is not');
}

/** @throws UnmetExpectation when the payload isn't as expected */
export function checkPayload(run: SagaRun, { command }: SentCommand, wanted: Wanted, payload: unknown): void {
  const flaw =
    typeof payload === 'function'
      ? !(payload as (actual: object) => boolean)(command.payload) &&
        `its payload ${JSON.stringify(command.payload)} isn't`
      : payload !== undefined && mismatch(command.payload, payload, 'payload');
  if (flaw) throw new UnmetExpectation(`Expected ${wanted.name} to be sent as described, but ${flaw}`, run);
}

function theOnly(
  run: SagaRun,
  among: readonly SentCommand[],
  wanted: Wanted,
  as: string,
  butNot: string,
): SentCommand {
  const found = among.filter((sent) => fits(sent, wanted));
  const [only, another] = found;
  const which = describe(wanted);
  if (!only) throw new UnmetExpectation(`Expected ${which} ${as}, but ${butNot}`, run);
  if (another)
    throw new UnmetExpectation(
      `Expected ${which} ${as}, but there are several: say which step is meant. ${found.map(inWords).join(', ')}`,
      run,
    );
  return only;
}

function fits({ command }: SentCommand, wanted: Wanted): boolean {
  const { child } = wanted;
  const { saga, version } = command.payload as { saga?: unknown; version?: unknown };
  if (child && (participantOf(command.type) !== SAGA_PARTICIPANT || saga !== child.name)) return false;
  if (child && version !== child.version) return false;
  return (['type', 'direction', 'step', 'attempt', 'epoch'] as const).every(
    (part) => wanted[part] === undefined || wanted[part] === command[part],
  );
}

function describe({ name, direction, step, attempt, epoch }: Wanted): string {
  const rest = [
    direction === 'compensation' && 'as a compensation',
    step !== undefined && `of step "${step}"`,
    attempt !== undefined && `at attempt ${attempt}`,
    epoch !== undefined && `under epoch ${epoch}`,
  ].filter((part) => part !== false);
  return [name, ...rest].join(' ');
}
