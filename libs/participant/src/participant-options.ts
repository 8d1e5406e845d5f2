import type { FactoryProvider, ModuleMetadata } from '@nestjs/common';
import type { Broker } from '@clew/broker';
import type { SqlDatabase } from '@clew/outbox';
import type { SagaDefinition } from '@clew/saga/core';

export interface ParticipantOptions {
  /** `flights`: commands `flights.*` come through the queue `flights.commands`. */
  readonly name: string;
  /** Where commands and replies go: the same for all who talk to one another. */
  readonly broker: Broker;
  /** A Prisma client with the tables `fence` and `outbox`. */
  readonly database: SqlDatabase;
  /**
   * Sagas that this participant also has a part in without an orchestrator: it begins and undoes its steps when it hears
   * that it is their turn. Its handlers are the same.
   */
  readonly choreographed?: readonly SagaDefinition[];
  /** Most commands in one transaction. Default 200. */
  readonly batchSize?: number;
  /** Most commands in hand without acknowledgement. Default twice the batch size. */
  readonly prefetch?: number;
  /** Milliseconds after which others publish what a process that died has left in the outbox. Default 10,000. */
  readonly outboxLeaseMs?: number;
}

export interface ParticipantAsyncOptions
  extends
    Pick<ModuleMetadata, 'imports'>,
    Pick<FactoryProvider<ParticipantOptions>, 'inject' | 'useFactory'> {}

/** Injection token of the options. */
export const PARTICIPANT_OPTIONS = Symbol('ParticipantOptions');
