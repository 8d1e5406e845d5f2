import type { JsonSchema } from './json-schema.js';
import { schemaOfRules, type Class } from './schema-of-rules.js';

/** The schema of a class with what its rules demand: the description says what a value means, the rules what it may be. */
export function withRules(described: JsonSchema, type: Class): JsonSchema {
  const rules = schemaOfRules(type);
  const names = Object.keys({ ...described.properties, ...rules.properties });
  const properties = Object.fromEntries(
    names.map((name) => [name, fieldWithRules(described.properties?.[name] ?? {}, rules.properties[name])]),
  );
  const required = names.filter((name) => rules.required.includes(name));
  return {
    ...described,
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    // The validation refuses what it doesn't know.
    additionalProperties: false,
  };
}

/** Of a field whose text is read as something else, like the digits of a number, the description tells more than the rules. */
export function fieldWithRules(described: JsonSchema, rules: JsonSchema = {}): JsonSchema {
  const isOther = described.type !== undefined && rules.type !== undefined && described.type !== rules.type;
  if (isOther || refersElsewhere(described)) return described;
  const items = rules.items && described.items && fieldWithRules(described.items, rules.items);
  return { ...rules, ...described, ...(items && { items }) };
}

function refersElsewhere({ $ref, allOf, anyOf }: JsonSchema): boolean {
  return ($ref ?? allOf ?? anyOf) !== undefined;
}
