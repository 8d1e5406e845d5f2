import {
  Logger,
  Module,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { SagaDefinition } from './core/index.js';
import { SagaOwner } from './saga-owner.js';
import type { SagaModuleOptions } from './saga.module.js';

/** `name` is the participant's; its database has the saga tables beside its own. */
export type SagaOwnerModuleOptions = Omit<SagaModuleOptions, 'choreographed'>;

export interface SagaOwnerModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...dependencies: never[]) => SagaOwnerModuleOptions | Promise<SagaOwnerModuleOptions>;
  readonly definitions: readonly SagaDefinition[];
}

/** Makes a participant the owner of choreographed sagas; it must be the one whose step comes first in them. */
@Module({})
export class SagaOwnerModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly owner: SagaOwner) {}

  static forRootAsync({
    imports,
    inject,
    useFactory,
    definitions,
  }: SagaOwnerModuleAsyncOptions): DynamicModule {
    return {
      module: SagaOwnerModule,
      ...(imports && { imports }),
      providers: [
        {
          provide: SagaOwner,
          inject: inject ?? [],
          useFactory: async (...dependencies: never[]) =>
            new SagaOwner(await useFactory(...dependencies), definitions, new Logger('Saga owner')),
        },
      ],
      exports: [SagaOwner],
    };
  }

  /** Refuses to start while instances in flight need a definition that isn't there. */
  async onApplicationBootstrap(): Promise<void> {
    await this.owner.start();
  }

  /** Not global, so Nest gets here before it shuts down a global database module. */
  async onApplicationShutdown(): Promise<void> {
    await this.owner.stop();
  }
}
