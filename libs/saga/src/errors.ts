/** The saga wasn't started: the database can't be reached, or the application is stopping. Try again. */
export class SagaUnavailable extends Error {
  readonly code = 'UNAVAILABLE';
  override readonly name = 'SagaUnavailable';

  constructor(cause: unknown) {
    super('The saga could not be started or changed now; try again', { cause });
  }
}

/** More waits already than is good: nothing was begun. Try again after a while. */
export class TooBusy extends Error {
  readonly code = 'TOO_BUSY';
  override readonly name = 'TooBusy';

  constructor(why: string) {
    super(`${why}. Try again later`);
  }
}

/** An operator has paused the definition: nothing was begun. */
export class SagaPaused extends Error {
  readonly code = 'SAGA_PAUSED';
  override readonly name = 'SagaPaused';

  constructor(saga: string, reason: string) {
    super(`No ${saga} is begun for the moment: ${reason}`);
  }
}

/** An instance can't begin, as its key has begun one already. */
export class StartKeyTaken extends Error {
  readonly code = 'START_KEY_TAKEN';
  override readonly name = 'StartKeyTaken';
}

/** The same key with something else. */
export class StartKeyReused extends Error {
  readonly code = 'START_KEY_REUSED';
  override readonly name = 'StartKeyReused';

  constructor(key: string) {
    super(`The key "${key}" was used for something else before`);
  }
}

/** Somebody speaks of a saga that isn't here. */
export class UnknownSaga extends Error {
  readonly code = 'UNKNOWN_SAGA';
  override readonly name = 'UnknownSaga';

  constructor(sagaId: string) {
    super(`There is no saga ${sagaId} in this service's database`);
  }
}

/** An instance whose definition this process doesn't have, or has another one of the same name and version. */
export class UnregisteredDefinition extends Error {
  readonly code = 'UNREGISTERED_DEFINITION';
  override readonly name = 'UnregisteredDefinition';

  constructor(saga: string, version: number, hash?: string) {
    const which = hash === undefined ? '' : `, as the instance began with it (${hash}),`;
    super(
      `Saga ${saga} v${version}${which} is not registered in this process: register it until its instances have ended`,
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

/** A reply by somebody who wasn't asked. */
export class WrongSender extends Error {
  readonly code = 'WRONG_SENDER';
  override readonly name = 'WrongSender';

  constructor(commandId: string, sender: string | undefined, due: string) {
    const by = sender === undefined ? 'nobody who can be told' : `user ${sender}`;
    super(`The reply to command "${commandId}" was sent by ${by}; it counts only from user ${due}`);
  }
}

/** A command to this orchestrator that it can never carry out. */
export class UnfitChildCommand extends Error {
  readonly code = 'UNFIT_CHILD_COMMAND';
  override readonly name = 'UnfitChildCommand';
}

/** What a person wished for makes no sense as the saga stands; the message says why, and what would. */
export class OperationRefused extends Error {
  readonly code = 'OPERATION_REFUSED';
  override readonly name = 'OperationRefused';
}

/** A word of a saga's owner that can't be read. */
export class MalformedJournal extends Error {
  readonly code = 'MALFORMED_MESSAGE';
  override readonly name = 'MalformedJournal';

  constructor(sagaId: string) {
    super(`The owner's word of saga ${sagaId} has no revision, or its entries are no list of events`);
  }
}

/** A word of a saga's owner about a saga that is decided on here. */
export class ForeignJournal extends Error {
  readonly code = 'FOREIGN_JOURNAL';
  override readonly name = 'ForeignJournal';

  constructor(sagaId: string) {
    super(`Saga ${sagaId} is not one that somebody else decides on`);
  }
}

/** Something that only the owner of a choreographed saga can take. */
export class NotTheOwner extends Error {
  readonly code = 'NOT_THE_OWNER';
  override readonly name = 'NotTheOwner';

  constructor(sagaId: string) {
    super(`Saga ${sagaId} is choreographed, and its owner decides on it, not this orchestrator`);
  }
}
