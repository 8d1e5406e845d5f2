import type { JsonSchema } from './json-schema.js';

/** An example of what a schema describes, made of the examples of its parts; `undefined` where none is given. */
export function exampleOf(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): unknown {
  const [example] = schema.examples ?? [];
  if (example !== undefined) return example;
  if (schema.$ref) return exampleOf(schemas[schema.$ref.split('/').at(-1)!] ?? {}, schemas);
  if (schema.items) {
    const item = exampleOf(schema.items, schemas);
    return item === undefined ? undefined : [item];
  }
  if (!schema.properties) return undefined;
  const fields = Object.entries(schema.properties)
    // What may be left out is, unless it is shown: a part that has examples of its own doesn't count as that.
    .filter(([name, field]) => schema.required?.includes(name) || field.examples)
    .map(([name, field]): [string, unknown] => [name, exampleOf(field, schemas)])
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields);
}
