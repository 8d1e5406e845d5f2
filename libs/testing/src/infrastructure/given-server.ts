import { probePostgres, probeRabbitmq, untilItAnswers } from './probes.js';
import { reasonOf } from './reason-of.js';
import { foreignServer, withoutCredentials, type Server } from './server.js';

/** An address was given, and it is none or nobody answers there. */
export class GivenServerError extends Error {
  readonly code = 'GIVEN_SERVER';
}

/** How long a server that was given may take to answer, in milliseconds: it may be starting beside us. */
const patience = 5_000;

/** The server that `DATABASE_URL` names. @throws GivenServerError naming the variable */
export function givenPostgres(url: string): Promise<Server> {
  return given('PostgreSQL', 'DATABASE_URL', url, ['postgresql:', 'postgres:'], probePostgres);
}

/** The server that `AMQP_URL` names. @throws GivenServerError naming the variable */
export function givenRabbitmq(url: string): Promise<Server> {
  return given('RabbitMQ', 'AMQP_URL', url, ['amqp:', 'amqps:'], probeRabbitmq);
}

async function given(
  name: Server['name'],
  variable: string,
  url: string,
  schemes: readonly string[],
  probe: (url: string) => Promise<void>,
): Promise<Server> {
  if (!URL.canParse(url) || !schemes.includes(new URL(url).protocol)) {
    throw new GivenServerError(
      `${variable} has to be a URL that begins with ${schemes[0]}//, like ${example(name)}.`,
    );
  }
  try {
    await untilItAnswers(() => probe(url), patience);
  } catch (cause) {
    throw new GivenServerError(
      `${variable} names a ${name} at ${withoutCredentials(url)} that doesn't let us in: ${reasonOf(cause)}. ` +
        `Start it, correct ${variable}, or unset it to have a private one.`,
      { cause },
    );
  }
  return foreignServer({
    name,
    kind: 'given',
    url,
    description: `${withoutCredentials(url)}, given by ${variable}`,
  });
}

const example = (name: Server['name']): string =>
  name === 'PostgreSQL' ? 'postgresql://user:password@localhost:5432' : 'amqp://user:password@localhost:5672';
