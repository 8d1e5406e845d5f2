import type { JsonSchema } from '@clew/service';

export const NOBODYS_SAGA = '0192f0c1-2b3c-7d4e-8f90-123456789abc';

/** A value that is as the schema demands: its example where it has one, else the least that will do. */
export function exampleFrom(schema: JsonSchema): unknown {
  const {
    examples,
    const: only,
    enum: values,
    type,
    properties,
    required = [],
    items,
    minItems = 0,
  } = schema;
  if (examples) return examples[0];
  if (only !== undefined) return only;
  if (values) return values[0];
  if (schema.format === 'uuid') return NOBODYS_SAGA;
  if (type === 'object')
    return Object.fromEntries(required.map((name) => [name, exampleFrom(properties?.[name] ?? {})]));
  if (type === 'array') return Array.from({ length: minItems }, () => exampleFrom(items ?? {}));
  if (type === 'integer') return schema.minimum ?? 1;
  if (type === 'string') return 'text';
  return {};
}
