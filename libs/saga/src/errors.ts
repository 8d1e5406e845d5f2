/** The saga wasn't started: the database can't be reached, or the application is stopping. Try again. */
export class SagaUnavailable extends Error {
  readonly code = 'UNAVAILABLE';
  override readonly name = 'SagaUnavailable';

  constructor(cause: unknown) {
    super('The saga could not be started now; try again', { cause });
  }
}

/** Somebody speaks of a saga that isn't here. */
export class UnknownSaga extends Error {
  readonly code = 'UNKNOWN_SAGA';
  override readonly name = 'UnknownSaga';

  constructor(sagaId: string) {
    super(`There is no saga ${sagaId} in this orchestrator's database`);
  }
}

/** An instance whose definition this process doesn't have. */
export class UnregisteredDefinition extends Error {
  readonly code = 'UNREGISTERED_DEFINITION';
  override readonly name = 'UnregisteredDefinition';

  constructor(saga: string, version: number) {
    super(
      `Saga ${saga} v${version} is not registered in this process: register it until its instances have ended`,
    );
  }
}

/** A reply that can't belong to the saga it names. */
export class ForeignReply extends Error {
  readonly code = 'FOREIGN_REPLY';
  override readonly name = 'ForeignReply';

  constructor(commandId: string, sagaId: string) {
    super(`The reply names command "${commandId}", which is not a command of saga ${sagaId}`);
  }
}
