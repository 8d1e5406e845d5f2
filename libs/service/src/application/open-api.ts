import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { Problem } from '../problem/problem.js';

/** What the application's controllers say about themselves. */
export function openApiDocument(app: INestApplication, title: string): OpenAPIObject {
  const description = new DocumentBuilder().setTitle(title).setVersion('1').addServer('/').build();
  const document = SwaggerModule.createDocument(app, description, { extraModels: [Problem] });
  const calls = Object.values(document.paths).flatMap((path) => [path.get, path.post, path.put, path.delete]);
  // Only who asks for a key offers to take one.
  if (calls.some((call) => call?.security?.some((scheme) => 'bearer' in scheme)))
    document.components = {
      ...document.components,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    };
  return document;
}

/** Serves the document at `/docs` for people and at `/docs-json` for programs. It is made when first asked for. */
export function serveOpenApi(app: INestApplication, title: string): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app, title), { jsonDocumentUrl: 'docs-json' });
}
