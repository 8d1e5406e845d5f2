import { isDeepStrictEqual } from 'node:util';

/** Any part of a value: of objects some fields, of arrays all items. */
export type PartOf<Value> = Value extends readonly unknown[]
  ? { readonly [Index in keyof Value]: PartOf<Value[Index]> }
  : Value extends object
    ? { readonly [Key in keyof Value]?: PartOf<Value[Key]> }
    : Value;

/**
 * The first thing in which a value differs from what was expected of it, as a clause; `undefined` when it fits. Fields
 * that nobody expected are let pass.
 */
export function mismatch(actual: unknown, expected: unknown, path: string): string | undefined {
  if (!isContainer(expected)) {
    if (isDeepStrictEqual(actual, expected)) return undefined;
    return `${path} is ${inText(actual)}, not ${inText(expected)}`;
  }
  if (!isContainer(actual) || Array.isArray(actual) !== Array.isArray(expected))
    return `${path} is ${inText(actual)}, not ${inText(expected)}`;
  if (Array.isArray(actual) && actual.length !== (expected as unknown[]).length)
    return `${path} has length ${actual.length}, not ${(expected as unknown[]).length}`;
  for (const [key, value] of Object.entries(expected)) {
    const found = mismatch((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}

/** A value for people. */
export function inText(value: unknown): string {
  if (value instanceof Date) return 'a date';
  return value === undefined ? 'missing' : JSON.stringify(value);
}

/** Whether only the parts of a value are compared: a date, for one, is compared as a whole. */
function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}
