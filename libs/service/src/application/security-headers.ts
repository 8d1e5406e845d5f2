import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import helmet, { type HelmetOptions } from 'helmet';

type Policy = HelmetOptions['contentSecurityPolicy'];

const NONE = ["'none'"];
const OWN = ["'self'"];

/** An answer to a program is no page: nothing in it may be run, loaded or framed. */
const FOR_PROGRAMS: Policy = { useDefaults: false, directives: { defaultSrc: NONE, frameAncestors: NONE } };

/** The pages at `/docs` bring what they need along; their icons are in the styles, and their styles partly inline. */
const FOR_PEOPLE: Policy = {
  useDefaults: false,
  directives: {
    defaultSrc: NONE,
    scriptSrc: OWN,
    styleSrc: [...OWN, "'unsafe-inline'"],
    imgSrc: [...OWN, 'data:'],
    fontSrc: [...OWN, 'data:'],
    connectSrc: OWN,
    baseUri: NONE,
    formAction: NONE,
    frameAncestors: NONE,
  },
};

/** Where nobody gets to send headers of their own: before there is a route, and without HTTP that makes sense. */
export const BARE_SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
};

/** Sends with every answer what tells a browser to distrust it. */
export function sendSecurityHeaders(app: NestFastifyApplication): void {
  const forPrograms = headersWith(FOR_PROGRAMS);
  const forPeople = headersWith(FOR_PEOPLE);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      const isForPeople = /^\/docs(\/|$)/.test(request.routeOptions.url ?? '');
      reply.headers(isForPeople ? forPeople : forPrograms);
      done();
    });
}

/** What helmet sends. It is the same for every answer, and asked for once: to ask takes longer than to send it. */
function headersWith(contentSecurityPolicy: Policy): Readonly<Record<string, string>> {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  helmet({
    contentSecurityPolicy,
    // For this host alone; for others below its name we can't speak.
    strictTransportSecurity: { includeSubDomains: false },
  })(response.req, response, () => undefined);
  return response.getHeaders() as Record<string, string>;
}
