/** What `npm start -- …` may be told. */
export interface Flags {
  readonly fresh: boolean;
  readonly help: boolean;
}

/** A flag that doesn't exist; the message says which do. */
export class UnknownFlagError extends Error {
  readonly code = 'UNKNOWN_FLAG';
}

export const usage = `Usage: npm start [-- --fresh]

Starts Clew: PostgreSQL and RabbitMQ (found or started), the databases, and the apps. Ctrl-C stops all of it.

  --fresh   forget what earlier runs have stored, and begin anew
  --help    print this

Environment:
  PORT, FLIGHTS_PORT, HOTELS_PORT, CARS_PORT   ports of the apps (3000 to 3003)
  DATABASE_URL, AMQP_URL                       servers to use instead of starting some
  CLEW_DATA_DIR                                where private servers keep their data (.data)
  CLEW_NAMESPACE                               what the names of databases, exchanges and queues begin with (clew)
  CLEW_OPERATOR_KEY                            opens /operations and /audit, which are closed without it`;

/** @throws UnknownFlagError */
export function parseFlags(argv: readonly string[]): Flags {
  const known = ['--fresh', '--help'];
  const unknown = argv.find((argument) => !known.includes(argument));
  if (unknown !== undefined) {
    throw new UnknownFlagError(`There is no ${unknown}. npm start knows: ${known.join(', ')}.`);
  }
  return { fresh: argv.includes('--fresh'), help: argv.includes('--help') };
}
