import {
  Logger,
  Module,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Broker } from '@clew/broker';
import type { SqlDatabase } from '@clew/outbox';
import type { Policies, SagaDefinition } from './core/index.js';
import { Orchestrator } from './orchestrator.js';
import { Sagas } from './sagas.service.js';

export interface SagaModuleOptions {
  /** Name of this orchestrator: replies wait in the queue `<name>.replies`. Instances of one app share it. */
  readonly name: string;
  /** Where commands and replies go: the same for all who talk to one another. */
  readonly broker: Broker;
  /** A Prisma client of the database with the saga tables. */
  readonly database: SqlDatabase;
  readonly policies?: Policies;
  /** Those of the definitions that may also be started as choreographies: their participants move them on by themselves. */
  readonly choreographed?: readonly SagaDefinition[];
  /** The broker's user of each participant. A reply to a command of one of these counts only if that user has sent it. */
  readonly senders?: Readonly<Record<string, string>>;
  /** Milliseconds after which others publish what a process that died has left in the outbox. Default 10,000. */
  readonly outboxLeaseMs?: number;
  /** How many messages may wait in the outbox until no more sagas are begun. Default 250,000. */
  readonly mostInOutbox?: number;
  /**
   * Milliseconds that a saga is kept after its end; then it and its history are deleted, and its participants forget it.
   * Two days at least; `Infinity` keeps all for ever. Default 30 days.
   */
  readonly retentionMs?: number;
}

export interface SagaModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...dependencies: never[]) => SagaModuleOptions | Promise<SagaModuleOptions>;
  readonly definitions: readonly SagaDefinition[];
}

/** Token of the `DeadLetters` of every queue that the sagas' messages go through. */
export const DEAD_LETTERS = Symbol('DEAD_LETTERS');

/** Runs sagas in a Nest application and provides {@link Sagas} and {@link DEAD_LETTERS}. */
@Module({})
export class SagaModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly orchestrator: Orchestrator) {}

  static forRootAsync({ imports, inject, useFactory, definitions }: SagaModuleAsyncOptions): DynamicModule {
    return {
      module: SagaModule,
      ...(imports && { imports }),
      providers: [
        {
          provide: Orchestrator,
          inject: inject ?? [],
          useFactory: async (...dependencies: never[]) =>
            new Orchestrator(await useFactory(...dependencies), definitions, new Logger('Saga')),
        },
        {
          provide: Sagas,
          inject: [Orchestrator],
          useFactory: (orchestrator: Orchestrator) => orchestrator.sagas,
        },
        {
          provide: DEAD_LETTERS,
          inject: [Orchestrator],
          useFactory: (orchestrator: Orchestrator) => orchestrator.deadLetters,
        },
      ],
      exports: [Sagas, DEAD_LETTERS],
    };
  }

  /** Refuses to start while instances in flight need a definition that isn't there. */
  async onApplicationBootstrap(): Promise<void> {
    await this.orchestrator.start();
  }

  /** Not global, so Nest gets here before it shuts down a global database module. */
  async onApplicationShutdown(): Promise<void> {
    await this.orchestrator.stop();
  }
}
