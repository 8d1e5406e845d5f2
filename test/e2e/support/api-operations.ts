import { ApiSchemas, apiDocument } from '../../support/api-schemas.js';

export interface Schema {
  readonly $ref?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly schema?: Schema;
}

interface Response {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Described {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
  readonly responses: Readonly<Record<string, Response>>;
  readonly security?: readonly object[];
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

/** What came back, as far as the document can tell of it. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
}

/** One call that the document tells of. */
export interface ApiOperation extends Described {
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  /** The example of its body; `undefined` when it takes none. */
  readonly example: unknown;
  readonly isForOperators: boolean;
}

/** Of HTTP itself, or of how often one calls: these may come for any call, and are described once for all. */
const OF_HTTP: readonly number[] = [400, 408, 413, 414, 415, 417, 429, 431];

/** The calls of the committed OpenAPI document, and whether answers are as it says. */
export class ApiOperations {
  readonly all: readonly ApiOperation[];
  private readonly schemas: ApiSchemas;

  constructor() {
    const document = apiDocument<Document>('openapi.json');
    this.schemas = new ApiSchemas(document);
    this.all = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => ({
        ...described,
        method: method.toUpperCase(),
        path,
        example: described.requestBody?.content['application/json']?.example,
        isForOperators: JSON.stringify(described.security) === '[{"bearer":[]}]',
      })),
    );
  }

  named(operationId: string): ApiOperation {
    const found = this.all.find((operation) => operation.operationId === operationId);
    if (!found) throw new Error(`There is no operation ${operationId}.`);
    return found;
  }

  /** What is not as documented about the answer to a call. */
  faultsOf({ method, path, responses }: ApiOperation, answer: Answer): string[] {
    const { status } = answer;
    const described = String(status) in responses ? String(status) : undefined;
    if (described === undefined && !OF_HTTP.includes(status)) return [`${status} is not documented`];
    const key = described ?? 'default';
    const content = Object.keys(responses[key]?.content ?? {});
    if (content.length === 0) return answer.text === '' ? [] : ['there is a body'];
    const type = content.find((one) => answer.contentType?.startsWith(one));
    if (type === undefined) return [`its type is ${answer.contentType}, not ${content.join(' or ')}`];
    if (type === 'text/event-stream') return [];
    const at = ['paths', path, method.toLowerCase(), 'responses', key, 'content', type, 'schema'];
    return this.faultsOfJson(answer.text, at);
  }

  /** What keeps an answer from being a problem, whatever was asked for. */
  faultsOfProblem({ status, contentType, text }: Answer): string[] {
    if (!contentType?.startsWith('application/problem+json')) return [`its type is ${contentType}`];
    const faults = this.faultsOfJson(text, ['components', 'schemas', 'Problem']);
    if (faults.length > 0) return faults;
    const problem = JSON.parse(text) as { status: number };
    return problem.status === status ? [] : [`it says ${problem.status}`];
  }

  private faultsOfJson(text: string, at: readonly string[]): string[] {
    try {
      return this.schemas.faultsOf(JSON.parse(text), ...at);
    } catch (error) {
      if (error instanceof SyntaxError) return [`it is no JSON: ${text.slice(0, 100)}`];
      throw error;
    }
  }
}
