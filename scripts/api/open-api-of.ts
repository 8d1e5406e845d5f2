import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { httpAdapter, openApiDocument } from '@clew/service';
import { API_TITLE } from '../../apps/orchestrator/src/api-title.js';
import { AppModule } from '../../apps/orchestrator/src/app.module.js';

/** An app's OpenAPI document, as it serves it at `/docs-json`. Needs no server: only the outline of the app is made. */
export async function openApiOf(module: Type, title: string): Promise<ReturnType<typeof openApiDocument>> {
  const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapter(), {
    preview: true,
    logger: false,
    bodyParser: false,
  });
  try {
    return openApiDocument(app, title);
  } finally {
    await app.close();
  }
}

/** The gateway's. */
export function gatewayDocument(): ReturnType<typeof openApiOf> {
  return openApiOf(AppModule, API_TITLE);
}
