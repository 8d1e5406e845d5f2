import type { JsonSchema } from './json-schema.js';
import { fieldWithRules } from './described-rules.js';
import { exampleOf } from './example-of.js';
import { schemaOfRules, type Class } from './schema-of-rules.js';

export type Schemas = Record<string, JsonSchema>;

/** As much of an operation of the document as is completed here. */
export interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: JsonSchema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: JsonSchema;
}

/** Problems that a body may be answered with although the controller sees none of it. */
const BODY_PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  413: 'The body is larger than 64 KB',
  415: 'The body is not JSON',
};
const ANY_OTHER =
  'Any other problem: the URL or the HTTP is not well-formed (400), too slow (408) or too long (414, 431), expects what can not be met (417), or there are too many requests (429)';

/**
 * An operation with what follows from how every call is handled: the rules of its parameters, an example of its body, and
 * the problems that no controller has to tell of.
 *
 * @param takes the classes that its parameters and its body are validated by
 */
export function completed(operation: Operation, takes: readonly Class[], schemas: Schemas): Operation {
  const { parameters = [], requestBody, responses } = operation;
  const rules = Object.assign({}, ...takes.map((type) => schemaOfRules(type).properties)) as Schemas;
  const problems = {
    ...(requestBody && problemResponses(BODY_PROBLEMS)),
    ...problemResponses({ default: ANY_OTHER }),
  };
  return {
    ...operation,
    parameters: parameters.map((parameter) =>
      parameter.in === 'query'
        ? { ...parameter, schema: fieldWithRules(parameter.schema ?? {}, rules[parameter.name]) }
        : parameter,
    ),
    ...(requestBody && { requestBody: withExample(requestBody, schemas) }),
    responses: { ...problems, ...responses },
  };
}

function withExample(body: NonNullable<Operation['requestBody']>, schemas: Schemas) {
  const content = Object.entries(body.content).map(([type, media]) => {
    const example = exampleOf(media.schema ?? {}, schemas);
    return [type, { ...media, ...(example !== undefined && { example }) }] as const;
  });
  return { ...body, content: Object.fromEntries(content) };
}

function problemResponses(descriptions: Readonly<Record<string, string>>): Record<string, unknown> {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [status, { description, content }]),
  );
}
