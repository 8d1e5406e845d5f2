import { parseArgs } from 'node:util';

/** Ways to make load, in the order in which they are run. */
export const MODES = ['closed', 'undone', 'open'] as const;
export type Mode = (typeof MODES)[number];

/** Whoever runs it has to do something first; its message says what. */
export class WrongOption extends Error {}

/** What isn't given. What is 0 isn't done. */
const NUMBERS = {
  rounds: 3,
  /** Of a closed loop. */
  bookings: 20_000,
  /** Bookings under way at a time, in a closed loop. */
  'in-flight': 1_000,
  /** Bookings before anything is counted: so many that V8 has compiled what it will. */
  'warm-up': 30_000,
  /** Of an open loop: bookings a second, and for how many seconds. */
  rate: 20,
  seconds: 20,
  /** To the gateways. */
  connections: 256,
  orchestrators: 1,
  /** Processes of each participant. */
  participants: 1,
  /** Sagas that were over before, where that is what is measured. */
  history: 1_000_000,
  /** Bookings that wait for participants who are away. */
  backlog: 100_000,
  /** Of a long run. */
  minutes: 30,
};
type NumberName = keyof typeof NUMBERS;

export interface BenchOptions extends Readonly<Record<NumberName, number>> {
  readonly modes: readonly Mode[];
}

/**
 * @param defaults what else isn't given; texts that aren't of all commands are listed here, too
 * @throws WrongOption with a sentence about the first one that is wrong
 */
export function readOptions<Texts extends Readonly<Record<string, string>>>(
  args: readonly string[],
  defaults: Partial<Record<NumberName, number>> & { readonly modes?: string } = {},
  texts: Texts = {} as Texts,
): BenchOptions & { readonly [Name in keyof Texts]: string } {
  const names = ['modes', ...Object.keys(NUMBERS), ...Object.keys(texts)];
  const values = valuesOf(args, names);
  return {
    modes: modesOf(values['modes'] ?? defaults.modes ?? MODES.join()),
    ...(Object.fromEntries(
      Object.entries({ ...NUMBERS, ...defaults })
        .filter(([name]) => name in NUMBERS)
        .map(([name, orElse]) => [name, numberOf(name, values[name] ?? orElse)]),
    ) as Record<NumberName, number>),
    ...(Object.fromEntries(
      Object.entries(texts).map(([name, orElse]) => [name, values[name] ?? orElse]),
    ) as Record<keyof Texts, string>),
  };
}

function valuesOf(args: readonly string[], names: readonly string[]): Record<string, string | undefined> {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const known = names.map((name) => `--${name}`).join(', ');
    throw new WrongOption(`${(error as Error).message.replace(/\.$/, '')}. There are: ${known}.`);
  }
}

function numberOf(name: string, text: string | number): number {
  const number = Number(text);
  const least = NUMBERS[name as NumberName] === 0 ? 0 : 1;
  if (!Number.isInteger(number) || number < least)
    throw new WrongOption(`--${name} must be a whole number from ${least}.`);
  return number;
}

function modesOf(text: string): Mode[] {
  const wished = text.split(',');
  const unknown = wished.find((mode) => !MODES.some((known) => known === mode));
  if (unknown !== undefined)
    throw new WrongOption(`--modes: there is no ${unknown}; there are ${MODES.join(', ')}.`);
  return MODES.filter((mode) => wished.includes(mode));
}
