import type { Dice } from './dice.js';
import { ODD_BODIES, ODD_NAMES, ODD_TEXTS, ODD_VALUES } from './odd-values.js';

type Place = readonly (string | number)[];

/** The example with something wrong about it; at times with nothing. */
export function oddBodyOf(example: unknown, dice: Dice): string | Buffer {
  if (dice.chance(0.06)) return JSON.stringify(example);
  if (dice.chance(0.1)) return dice.oneOf(ODD_BODIES);
  let body = structuredClone(example);
  do body = changed(body, dice);
  while (dice.chance(0.2));
  const text = JSON.stringify(body) ?? '';
  return dice.chance(0.1) ? withDuplicate(text, dice) : text;
}

function changed(body: unknown, dice: Dice): unknown {
  const places = placesIn(body);
  if (places.length === 0 || dice.chance(0.03)) return oddValue(dice);
  const place = dice.oneOf(places);
  const last = place.at(-1)!;
  const parent = place.slice(0, -1).reduce((at, name) => at[name] as Fields, body as Fields);
  const kind = dice.next();
  if (kind < 0.55) define(parent, last, oddValue(dice));
  else if (kind < 0.75) delete parent[last];
  else if (Array.isArray(parent)) parent.push(oddValue(dice));
  else define(parent, dice.oneOf(ODD_NAMES), oddValue(dice));
  return body;
}

type Fields = Record<string | number, unknown>;

/** An own field, be its name that of the prototype. */
function define(parent: Fields, name: string | number, value: unknown): void {
  Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
}

function oddValue(dice: Dice): unknown {
  return dice.chance(0.5) ? dice.oneOf(ODD_TEXTS) : structuredClone(dice.oneOf(ODD_VALUES));
}

/** Every field at every level. */
function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null || at.length > 6) return [];
  return Object.entries(value).flatMap(([name, field]) => [[...at, name], ...placesIn(field, [...at, name])]);
}

/** The first field of some object twice. */
function withDuplicate(text: string, dice: Dice): string {
  return text.replace(
    /"(\w+)":/,
    (field, name: string) => `"${name}":${JSON.stringify(oddValue(dice))},${field}`,
  );
}
