import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { repositoryRoot } from '@clew/testing';

/** A document of `docs/api`, as it is committed. */
export function apiDocument<Document>(name: 'openapi.json' | 'asyncapi.json'): Document {
  return JSON.parse(readFileSync(join(repositoryRoot(), 'docs', 'api', name), 'utf8')) as Document;
}

/** The schemas of a document, to check what is sent and answered. */
export class ApiSchemas {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });

  /** @param document whose objects have no fields but those that are described, wherever it says nothing about others */
  constructor(document: object) {
    addFormats.default(this.ajv);
    this.ajv.addSchema(closed(document) as AnySchemaObject, 'document');
  }

  /** What is wrong with a value by the schema at a JSON pointer; nothing if it is as described. */
  faultsOf(value: unknown, ...path: readonly string[]): string[] {
    const pointer = path.map(
      (part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`,
    );
    const validate = this.ajv.getSchema(`document#${pointer.join('')}`);
    if (!validate) throw new Error(`There is no schema at ${path.join(' ')}.`);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'it'} ${message}`);
  }
}

/** For callers a new field is no fault. Here it would be one that nobody has described. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const fields = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  const isObject = 'properties' in schema && 'type' in schema;
  return isObject && !('additionalProperties' in schema)
    ? { ...fields, additionalProperties: false }
    : fields;
}
