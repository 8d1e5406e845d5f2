import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { limitRate } from '@clew/service';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { callerOf } from './caller-of.js';

/** Lets web pages of the origins in that are named, and sees to it that no caller takes more than is granted to each. */
export function protectGateway(app: NestFastifyApplication): void {
  const environment = app.get(OrchestratorEnvironment);
  const { CLEW_CORS_ORIGINS: origins, CLEW_RATE_LIMIT_PER_MINUTE: perMinute } = environment;
  if (origins.length > 0)
    app.enableCors({
      origin: [...origins],
      methods: ['GET', 'POST'],
      allowedHeaders: [
        'authorization',
        'content-type',
        'idempotency-key',
        'if-none-match',
        'last-event-id',
        'prefer',
      ],
      exposedHeaders: [
        ...['etag', 'location', 'preference-applied', 'retry-after', 'www-authenticate'],
        ...['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'],
      ],
      maxAge: 600,
      // What isn't quite a preflight would be refused with what is no problem document.
      strictPreflight: false,
    });
  if (perMinute !== undefined)
    limitRate(app, {
      perMinute,
      callerOf: ({ authorization }) => callerOf(environment, authorization)?.name,
    });
}
