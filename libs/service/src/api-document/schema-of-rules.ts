import { getMetadataStorage } from 'class-validator';
import type { JsonSchema } from './json-schema.js';

export type Class = abstract new (...parameters: never[]) => object;

/** What JSON Schema says of the fields of a class. */
export interface SchemaOfRules {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

interface Rule {
  readonly type: string;
  readonly name?: string;
  readonly propertyName: string;
  readonly constraints?: readonly unknown[];
  readonly each?: boolean;
  /** A rule of one's own says in its `context` what the schema is to say: `{ schema: { format: 'date' } }`. */
  readonly context?: { readonly schema?: JsonSchema };
}

/** By the name of class-validator's rule. What isn't here, like a comparison of two fields, no schema can say. */
const SCHEMAS: Readonly<Record<string, (...constraints: never[]) => JsonSchema>> = {
  isString: () => ({ type: 'string' }),
  isLength: (minLength: number, maxLength?: number) => ({ type: 'string', minLength, maxLength }),
  matches: (pattern: RegExp) => ({ type: 'string', pattern: pattern.source }),
  isUuid: () => ({ type: 'string', format: 'uuid' }),
  isEmail: () => ({ type: 'string', format: 'email' }),
  isIso8601: () => ({ type: 'string', format: 'date-time' }),
  isInt: () => ({ type: 'integer' }),
  min: (minimum: number) => ({ minimum }),
  max: (maximum: number) => ({ maximum }),
  isBoolean: () => ({ type: 'boolean' }),
  isObject: () => ({ type: 'object' }),
  isArray: () => ({ type: 'array' }),
  arrayMinSize: (minItems: number) => ({ minItems }),
  arrayMaxSize: (maxItems: number) => ({ maxItems }),
  isIn: (values: readonly unknown[]) => ({ enum: values }),
  equals: (value: unknown) => ({ const: value }),
};

/** The validation rules of a class, as JSON Schema has them. Nested classes are objects here, whose fields are told apart. */
export function schemaOfRules(type: Class): SchemaOfRules {
  const rules = rulesOf(type);
  const properties: Record<string, JsonSchema> = {};
  const optional = new Set<string>();
  for (const rule of rules) {
    const known = (properties[rule.propertyName] ??= {});
    if (rule.type === 'conditionalValidation') optional.add(rule.propertyName);
    const said = withoutUndefined(rule.context?.schema ?? builtIn(rule));
    properties[rule.propertyName] = rule.each
      ? { ...known, items: { ...known.items, ...said } }
      : { ...known, ...said };
  }
  return { properties, required: Object.keys(properties).filter((name) => !optional.has(name)) };
}

/** Whether anything is demanded of the class's fields: it describes what comes from outside. */
export function hasRules(type: Class): boolean {
  return rulesOf(type).length > 0;
}

/** In the order of declaration: class-validator keeps those of a base class last, and the last of a field first. */
function rulesOf(type: Class): Rule[] {
  return getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
}

function builtIn({ type, name, constraints = [] }: Rule): JsonSchema {
  const schema = SCHEMAS[name ?? type];
  return schema ? schema(...(constraints as never[])) : {};
}

function withoutUndefined(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
