import { withRules } from './described-rules.js';
import type { JsonSchema } from './json-schema.js';
import { describedField, fieldClassOf } from './described-fields.js';
import type { Class } from './schema-of-rules.js';

/**
 * What a class describes, as one JSON Schema without references: its fields, the rules that they are validated by, and
 * those of the classes of its fields.
 */
export function schemaOf(type: Class): JsonSchema {
  const schema = withRules({}, type);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]): [string, JsonSchema] => {
    const nested = fieldClassOf(type, name);
    const described = { ...field, ...describedField(type, name) };
    if (!nested) return [name, described];
    const own = schemaOf(nested);
    return [name, field.type === 'array' ? { ...described, items: own } : { ...described, ...own }];
  });
  return { ...schema, properties: Object.fromEntries(fields) };
}
