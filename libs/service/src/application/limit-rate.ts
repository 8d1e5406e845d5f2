import type { IncomingHttpHeaders } from 'node:http';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { tooManyRequests } from '../problem/problem.exception.js';

export interface RateLimit {
  readonly perMinute: number;
  /** Whose request it is; those of nobody are counted by their address. */
  readonly callerOf: (headers: IncomingHttpHeaders) => string | undefined;
  /** Callers that are counted at a time, 10,000 if not said; whoever hasn't called for longest is forgotten. */
  readonly mostCounted?: number;
}

/** They are asked all the time, by those who have to learn how the service is. */
const NEVER_LIMITED = /^\/(health|metrics)([/?]|$)/;

/**
 * Answers 429 to a caller who has made so many requests within a minute, and tells everybody how many are left. The
 * requests are counted in this process: of several, each grants as many.
 */
export function limitRate(
  app: NestFastifyApplication,
  { perMinute, callerOf, mostCounted = 10_000 }: RateLimit,
): void {
  const instance = app.getHttpAdapter().getInstance();
  void instance.register(rateLimit, {
    global: false,
    enableDraftSpec: true,
    max: perMinute,
    timeWindow: 60_000,
    cache: mostCounted,
    keyGenerator: ({ headers, ip }) => {
      const caller = callerOf(headers);
      return caller === undefined ? `address ${normalizeIP(ip)}` : `caller ${caller}`;
    },
    allowList: ({ url }) => NEVER_LIMITED.test(url),
    errorResponseBuilder: (_request, { max, ttl }) =>
      tooManyRequests(`More than ${max} requests within a minute.`, Math.ceil(ttl / 1000)),
  });
  // Not by route, as what has none is to be counted too: ids and keys are guessed there.
  instance.after(() => instance.addHook('onRequest', instance.rateLimit()));
}
