import type { JsonSchema } from './json-schema.js';
import type { Class } from './schema-of-rules.js';

/** What `@ApiProperty` says of a field. */
interface Described {
  readonly type?: unknown;
  readonly description?: string;
  readonly example?: unknown;
}

/** Names of the fields that are described. */
export function describedNames(type: Class): string[] {
  const prototype = type.prototype as object;
  const names = (Reflect.getMetadata('swagger/apiModelPropertiesArray', prototype) ?? []) as string[];
  // Each begins with a colon.
  return names.map((name) => name.slice(1));
}

export function describedField(type: Class, name: string): Pick<JsonSchema, 'description' | 'examples'> {
  const { description, example } = descriptionOf(type, name);
  return { ...(description && { description }), ...(example !== undefined && { examples: [example] }) };
}

/** The class of a field, or of its items. */
export function fieldClassOf(type: Class, name: string): Class | undefined {
  const [said] = [descriptionOf(type, name).type].flat<unknown[]>();
  const [found] = [isThunk(said) ? said() : said].flat<unknown[]>();
  return isClass(found) && !BUILT_IN.includes(found) ? found : undefined;
}

export function isClass(value: unknown): value is Class {
  return typeof value === 'function' && value.prototype !== undefined;
}

const BUILT_IN: readonly unknown[] = [String, Number, Boolean, Object, Array, Date];

function descriptionOf(type: Class, name: string): Described {
  const prototype = type.prototype as object;
  return (Reflect.getMetadata('swagger/apiModelProperties', prototype, name) ?? {}) as Described;
}

function isThunk(value: unknown): value is () => unknown {
  return typeof value === 'function' && value.prototype === undefined;
}
