import 'reflect-metadata';
import { Logger, type LoggerService, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { redacted } from '@clew/redaction';
import { ConfigurationError } from '../configuration/configuration-error.js';
import { readEnvironment } from '../configuration/read-environment.js';
import type { ServiceEnvironment } from '../configuration/service-environment.js';
import { configureHttp, httpAdapter } from './http-application.js';
import { HTTP_LIMITS } from './http-limits.js';
import { serveOpenApi } from '../api-document/open-api.js';
import { ServiceLogger } from './service-logger.js';
import { stopOnSignals } from './stop-on-signals.js';

export interface ServiceOptions {
  /** `flights`: names the service in its log. */
  readonly name: string;
  /** Of the OpenAPI document. */
  readonly title: string;
  readonly environment: new () => ServiceEnvironment;
  /** Called when there is an application: says who may call it, and how often. */
  readonly protect?: (app: NestFastifyApplication) => void;
  /** Called before the service listens: connects its microservices. */
  readonly connect?: (app: NestFastifyApplication) => unknown;
}

/**
 * Runs a service until it is told to stop: HTTP with problems, health and OpenAPI, then its microservices.
 *
 * Ends the process: 0 after a clean stop on SIGTERM or SIGINT; 1 with a sentence on a wrong environment, and loudly on an
 * error that nobody caught, as nothing can be known about the state then.
 */
export async function runService(module: Type, options: ServiceOptions): Promise<void> {
  const { name, title, environment: environmentClass, protect, connect } = options;
  const logger = new ServiceLogger(name);
  process.on('unhandledRejection', (reason) => failWith(logger, 'Unhandled rejection', reason));
  process.on('uncaughtException', (error) => failWith(logger, 'Uncaught exception', error));
  try {
    const { HOST, PORT, CLEW_MAX_CONNECTIONS: connections } = readEnvironment(environmentClass);
    const app = await NestFactory.create<NestFastifyApplication>(
      module,
      httpAdapter({ ...HTTP_LIMITS, connections }),
      {
        logger,
        bodyParser: false,
        abortOnError: false,
      },
    );
    configureHttp(app);
    protect?.(app);
    serveOpenApi(app, title);
    await connect?.(app);
    let started = false;
    stopOnSignals(app, new Logger('Service'), () => started);
    await app.listen(PORT, HOST);
    new Logger('Service').log(`Listening on ${await app.getUrl()}`);
    // Last: they may have to wait for a broker, and health is to be asked meanwhile.
    await app.startAllMicroservices();
    started = true;
  } catch (error) {
    if (error instanceof ConfigurationError) {
      process.stderr.write(`${redacted(error.message)}\n`);
      process.exit(1);
    }
    failWith(logger, 'The service could not start', error);
  }
}

function failWith(logger: LoggerService, what: string, error: unknown): void {
  logger.fatal?.(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exit(1);
}
