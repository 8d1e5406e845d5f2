type Json = Readonly<Record<string, unknown>>;

/**
 * What Nest writes in the ways of OpenAPI 3.0, in those of 3.1: schemas are JSON Schema there, so null is a type, examples
 * are a list, and what stands beside a reference counts.
 */
export function as31(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(as31);
  if (!isObject(schema)) return schema;
  const { nullable, example, allOf, properties, ...rest } = schema;
  const parts = Array.isArray(allOf) ? (allOf as unknown[]) : [];
  const only = parts.length === 1 && isObject(parts[0]) && '$ref' in parts[0] ? parts[0] : undefined;
  // Nest says "object" of whatever it refers to.
  const { type, ...others } = rest;
  const base: Json = {
    ...as31Fields(only ? others : rest),
    ...(isObject(properties) && { properties: as31Fields(properties) }),
    ...(allOf !== undefined && !only && { allOf: as31(allOf) }),
    ...(example !== undefined && { examples: [example] }),
  };
  if (nullable !== true) return only ? { ...only, ...base } : base;
  if (only) return { anyOf: [only, { type: 'null' }], ...base };
  return { ...base, type: [...[type].flat(), 'null'] };
}

/** What an example or an enumeration holds is no schema, whatever it looks like. */
const VALUES: readonly string[] = ['default', 'enum', 'const', 'examples'];

function as31Fields(fields: Json): Json {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, VALUES.includes(name) ? value : as31(value)]),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
