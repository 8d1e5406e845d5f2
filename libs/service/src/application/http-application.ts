import { HttpAdapterHost } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemFilter } from '../problem/problem.filter.js';
import { strictValidationPipe } from '../problem/strict-validation.pipe.js';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.js';
import { sendSecurityHeaders } from './security-headers.js';
import { answerUnexpected, answerUnparsed, answerUnrouted } from './unrouted-errors.js';

const BODY_LIMIT = 64 * 1024;

/** The HTTP server of a service: bodies are JSON of at most 64 KB, and nobody keeps it waiting. */
export function httpAdapter(limits: HttpLimits = HTTP_LIMITS): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    http: {
      requestTimeout: limits.requestMs,
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    // While it closes the application still answers, with problems of its own.
    return503OnClosing: false,
    // An id that is far too long is one that doesn't exist.
    routerOptions: { maxParamLength: 8_192 },
    // What isn't routed or isn't even HTTP never gets to Nest and its filters.
    frameworkErrors: answerUnrouted,
    clientErrorHandler: answerUnparsed,
  });
  const instance = adapter.getInstance();
  instance.removeContentTypeParser('text/plain');
  instance.server.on('checkExpectation', answerUnexpected);
  instance.server.maxConnections = limits.connections;
  // A server waits for every request that has begun, and half of one never ends.
  instance.addHook('preClose', (done) => {
    const overdue = setTimeout(() => instance.server.closeAllConnections(), limits.leaveMs);
    instance.server.once('close', () => clearTimeout(overdue));
    done();
  });
  return adapter;
}

/**
 * Gives an application strict validation, problems for errors, and headers that keep browsers safe.
 * Create it with {@link httpAdapter} and `bodyParser: false`, as Nest's own parsers also take forms.
 */
export function configureHttp(app: NestFastifyApplication): void {
  // Not as APP_PIPE and APP_FILTER: those would apply to messages too.
  app.useGlobalPipes(strictValidationPipe());
  const problems = new ProblemFilter(app.get(HttpAdapterHost));
  app.useGlobalFilters(problems);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onClose', (_instance, done) => {
      problems.close();
      done();
    });
  sendSecurityHeaders(app);
}
