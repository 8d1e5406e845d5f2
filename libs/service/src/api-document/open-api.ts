import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { Problem } from '../problem/problem.js';
import { as31 } from './as-31.js';
import { completed, type Operation, type Schemas } from './completed-operation.js';
import { withRules } from './described-rules.js';
import { defaultOperationId, handlersOf, requestClasses } from './request-classes.js';

/**
 * What the application's controllers say about themselves, as OpenAPI 3.1. What requests have to keep to is taken from the
 * rules that they are validated by. Calls nothing: an application that was created for a preview will do.
 */
export function openApiDocument(app: INestApplication, title: string): OpenAPIObject {
  const description = new DocumentBuilder().setTitle(title).setVersion('1').addServer('/').build();
  const options = { extraModels: [Problem], operationIdFactory: defaultOperationId };
  const written = as31(SwaggerModule.createDocument(app, description, options)) as OpenAPIObject;
  const handlers = handlersOf(app);
  const schemas = { ...(written.components?.schemas as Schemas) };
  for (const [name, type] of requestClasses(handlers.flatMap(({ takes }) => takes)))
    if (schemas[name]) schemas[name] = withRules(schemas[name], type);
  const takenBy = new Map(handlers.map(({ operationId, takes }) => [operationId, takes]));
  const paths = Object.entries(written.paths).map(([path, item]) => {
    const operations = Object.entries(item as Record<string, Operation>).map(
      ([method, operation]) =>
        [method, completed(operation, takenBy.get(operation.operationId ?? '') ?? [], schemas)] as const,
    );
    return [path, Object.fromEntries(operations)] as const;
  });
  // Only who asks for a key offers to take one.
  const asksForKey = JSON.stringify(paths).includes('"security":[{"bearer"');
  return {
    ...written,
    openapi: '3.1.0',
    paths: Object.fromEntries(paths),
    components: {
      ...written.components,
      schemas: schemas as NonNullable<OpenAPIObject['components']>['schemas'],
      ...(asksForKey && { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } }),
    },
  };
}

/** Serves the document at `/docs` for people and at `/docs-json` for programs. It is made when first asked for. */
export function serveOpenApi(app: INestApplication, title: string): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app, title), { jsonDocumentUrl: 'docs-json' });
}
