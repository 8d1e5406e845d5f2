import { parseArgs } from 'node:util';

/** Ways to make load, in the order in which they are run. */
export const MODES = ['closed', 'undone', 'open'] as const;
export type Mode = (typeof MODES)[number];

export interface BenchOptions {
  readonly modes: readonly Mode[];
  readonly rounds: number;
  /** Of a closed loop. */
  readonly bookings: number;
  readonly inFlight: number;
  /** Before anything is counted. */
  readonly warmUp: number;
  /** Of an open loop: bookings a second, and for how many seconds. */
  readonly rate: number;
  readonly seconds: number;
  readonly connections: number;
  readonly orchestrators: number;
  readonly participants: number;
}

const WHOLE_NUMBERS = {
  rounds: 3,
  bookings: 20_000,
  'in-flight': 1_000,
  'warm-up': 4_000,
  rate: 20,
  seconds: 20,
  connections: 64,
  orchestrators: 1,
  participants: 1,
};

/** @throws Error with a sentence about the first option that is wrong */
export function readOptions(
  args: readonly string[],
  defaults: Partial<typeof WHOLE_NUMBERS> & { readonly modes?: string } = {},
): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      modes: { type: 'string', default: defaults.modes ?? MODES.join() },
      ...(Object.fromEntries(Object.keys(WHOLE_NUMBERS).map((name) => [name, { type: 'string' }])) as Record<
        keyof typeof WHOLE_NUMBERS,
        { type: 'string' }
      >),
    },
  });
  const number = (name: keyof typeof WHOLE_NUMBERS): number => {
    const value = Number(values[name] ?? defaults[name] ?? WHOLE_NUMBERS[name]);
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1.`);
    return value;
  };
  const wished = values.modes.split(',');
  const unknown = wished.find((mode) => !MODES.some((known) => known === mode));
  if (unknown !== undefined)
    throw new Error(`--modes: there is no ${unknown}; there are ${MODES.join(', ')}.`);
  return {
    modes: MODES.filter((mode) => wished.includes(mode)),
    rounds: number('rounds'),
    bookings: number('bookings'),
    inFlight: number('in-flight'),
    warmUp: number('warm-up'),
    rate: number('rate'),
    seconds: number('seconds'),
    connections: number('connections'),
    orchestrators: number('orchestrators'),
    participants: number('participants'),
  };
}
