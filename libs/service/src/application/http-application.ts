import { HttpAdapterHost } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemFilter } from '../problem/problem.filter.js';
import { strictValidationPipe } from '../problem/strict-validation.pipe.js';
import { answerUnparsed, answerUnrouted } from './unrouted-errors.js';

const BODY_LIMIT = 64 * 1024;

/** The HTTP server of a service: bodies are JSON of at most 64 KB. */
export function httpAdapter(): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    // While it closes the application still answers, with problems of its own.
    return503OnClosing: false,
    // An id that is far too long is one that doesn't exist.
    routerOptions: { maxParamLength: 8_192 },
    // What isn't routed or isn't even HTTP never gets to Nest and its filters.
    frameworkErrors: answerUnrouted,
    clientErrorHandler: answerUnparsed,
  });
  adapter.getInstance().removeContentTypeParser('text/plain');
  return adapter;
}

/**
 * Gives an application strict validation, and problems for errors.
 * Create it with {@link httpAdapter} and `bodyParser: false`, as Nest's own parsers also take forms.
 */
export function configureHttp(app: NestFastifyApplication): void {
  // Not as APP_PIPE and APP_FILTER: those would apply to messages too.
  app.useGlobalPipes(strictValidationPipe());
  app.useGlobalFilters(new ProblemFilter(app.get(HttpAdapterHost)));
}
