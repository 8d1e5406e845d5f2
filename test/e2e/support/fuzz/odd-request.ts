import type { ApiOperation, Parameter } from '../api-operations.js';
import type { Dice } from './dice.js';
import { oddBodyOf } from './odd-body.js';
import {
  ODD_CONTENT_TYPES,
  ODD_HEADER_VALUES,
  ODD_HEADERS,
  ODD_METHODS,
  ODD_SEGMENTS,
  ODD_TEXTS,
} from './odd-values.js';

/** A request as it goes over the wire. */
export interface OddRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
  /** Method and path are those of the operation, so that the answer has to be one of its own. */
  readonly isRouted: boolean;
}

export interface Known {
  /** Ids of what was begun. */
  readonly ids: readonly string[];
  readonly operatorKey: string;
}

/** A request that is nearly that of an operation, or wholly. */
export function oddRequest(operation: ApiOperation, dice: Dice, known: Known): OddRequest {
  const method = dice.chance(0.05) ? dice.oneOf(ODD_METHODS) : operation.method;
  const { path, isRouted } = oddPath(operation, dice, known);
  const sendsBody = operation.example !== undefined ? !dice.chance(0.03) : dice.chance(0.05);
  const body = sendsBody ? oddBodyOf(operation.example ?? {}, dice) : undefined;
  const headers: Record<string, string> = {};
  if (body !== undefined)
    headers['Content-Type'] = dice.chance(0.08) ? dice.oneOf(ODD_CONTENT_TYPES) : 'application/json';
  if (operation.isForOperators ? dice.chance(0.8) : dice.chance(0.05))
    headers['Authorization'] = `Bearer ${known.operatorKey}`;
  while (dice.chance(0.25)) headers[dice.oneOf(ODD_HEADERS)] = dice.oneOf(ODD_HEADER_VALUES);
  return {
    method,
    path: path + oddQuery(operation, dice),
    headers,
    body,
    isRouted: isRouted && method === operation.method,
  };
}

function oddPath({ path }: ApiOperation, dice: Dice, { ids }: Known): { path: string; isRouted: boolean } {
  const odd = dice.chance(0.15);
  const segment = odd || ids.length === 0 ? dice.oneOf(ODD_SEGMENTS) : dice.oneOf(ids);
  const filled = path.replace(/\{\w+\}/, segment);
  // With a UUID, or without a place for one, it is a path that there is.
  const isRouted = filled === path || /^[0-9a-f-]{36}$/.test(segment);
  if (dice.chance(0.97)) return { path: filled, isRouted };
  const twisted = [
    `${filled}/`,
    `/${filled}`,
    `${filled}/x`,
    filled.toUpperCase(),
    `/.${filled}`,
    `${filled};a=1`,
  ];
  return { path: dice.oneOf(twisted), isRouted: false };
}

function oddQuery({ parameters = [] }: ApiOperation, dice: Dice): string {
  const asked = parameters.filter((parameter) => parameter.in === 'query');
  const pairs: string[] = [];
  for (const parameter of asked) if (dice.chance(0.25)) pairs.push(oddPair(parameter, dice));
  if (dice.chance(0.05)) pairs.push(`${dice.oneOf(['x', '__proto__', 'a[b]', '%00', '', '%zz'])}=1`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : dice.chance(0.02) ? '?' : '';
}

function oddPair({ name, schema }: Parameter, dice: Dice): string {
  const [example = '1'] = schema?.examples ?? schema?.enum ?? [];
  const good = `${name}=${encodeURIComponent(String(example))}`;
  if (dice.chance(0.4)) return good;
  const odd = dice.oneOf(ODD_TEXTS).toWellFormed().slice(0, 2_000);
  return dice.oneOf([
    `${name}=${encodeURIComponent(odd)}`,
    `${good}&${good}`,
    `${name}[]=${odd.length}`,
    `${name}[not]=`,
    name,
    `${name}=%ed%a0%80`,
    `${name}=%`,
  ]);
}
