import { IsNotEmpty, IsOptional, IsString, Length, Matches } from 'class-validator';
import { ServerUrl } from './server-url.js';
import { WholeNumber } from './whole-number.js';

/** The variables that every service reads. A service that needs more, or another default, extends it. */
export class ServiceEnvironment {
  /** Where HTTP is served; 0 takes a free port. */
  @WholeNumber({ min: 0, max: 65_535 })
  PORT = 3000;

  @IsString({ message: 'must be an address to listen on, like 127.0.0.1' })
  @IsNotEmpty({ message: 'must be an address to listen on, like 127.0.0.1' })
  HOST = '127.0.0.1';

  /** The server; the database on it is `<CLEW_NAMESPACE>_<service>`. */
  @ServerUrl({
    protocols: ['postgresql:', 'postgres:'],
    example: 'postgresql://user:password@localhost:5432',
  })
  DATABASE_URL!: string;

  @ServerUrl({ protocols: ['amqp:', 'amqps:'], example: 'amqp://user:password@localhost:5672' })
  AMQP_URL!: string;

  /** What the names of databases, exchanges and queues begin with. */
  @Matches(/^[a-z][a-z0-9_]{0,30}$/, {
    message: ({ value }) =>
      `must be 1 to 31 lower-case letters, digits or underscores and begin with a letter, but is ${JSON.stringify(value)}`,
  })
  CLEW_NAMESPACE = 'clew';

  /** Connections of callers at a time, subscribers to events included; more are hung up on. */
  @WholeNumber({ min: 10, max: 1_000_000 })
  CLEW_MAX_CONNECTIONS = 4_000;

  /** Connections to the database at the most. */
  @WholeNumber({ min: 2, max: 1_000 })
  CLEW_DATABASE_POOL = 10;

  /** Milliseconds after which another process publishes what one that died has left in the outbox. */
  @WholeNumber({ min: 1_000, max: 600_000 })
  CLEW_OUTBOX_LEASE_MS = 10_000;

  /** The bearer key of `/operations` and `/audit`, which are closed without one. */
  @IsOptional()
  @Length(8, 200, { message: 'must have 8 to 200 characters' })
  CLEW_OPERATOR_KEY?: string;
}
