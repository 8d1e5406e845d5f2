import type { INestApplication, INestMicroservice } from '@nestjs/common';
import type { NestMicroservice } from '@nestjs/microservices';
import { CommandServer } from './command-server.js';
import { payloadValidation } from './payload-validation.js';
import { UnhandledExceptionFilter } from './unhandled-exception.filter.js';

/**
 * Adds the participant to an application that imports ParticipantModule. Global guards, pipes, interceptors and filters may
 * be added to what it returns until `app.startAllMicroservices()`, which begins to take commands.
 *
 * Order in `main.ts`: `connectParticipant(app)`, `await app.init()`, `await app.startAllMicroservices()`, `await app.listen()`.
 */
export function connectParticipant(app: INestApplication): INestMicroservice {
  const microservice = app.connectMicroservice<object>(
    { strategy: app.get(CommandServer, { strict: false }) },
    // Otherwise Nest would bind the handlers here and now, without the enhancers that are added below and by the caller.
    { deferInitialization: true },
  );
  // The application calls the lifecycle hooks; a deferred microservice would call them all once more.
  (microservice as NestMicroservice).setIsInitHookCalled(true);
  return (
    microservice
      // The first one is the last to be asked, so filters of the app win.
      .useGlobalFilters(new UnhandledExceptionFilter())
      .useGlobalPipes(payloadValidation())
  );
}
