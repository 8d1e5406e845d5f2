import { Global, Module, type DynamicModule } from '@nestjs/common';
import { readEnvironment } from './read-environment.js';
import { ServiceEnvironment } from './service-environment.js';

/** Provides the validated environment, under the class given and as {@link ServiceEnvironment}. */
@Global()
@Module({})
export class EnvironmentModule {
  static forRoot<Environment extends ServiceEnvironment>(
    environmentClass: new () => Environment,
  ): DynamicModule {
    const provided = { provide: environmentClass, useFactory: () => readEnvironment(environmentClass) };
    const alias = { provide: ServiceEnvironment, useExisting: environmentClass };
    const isBase = (environmentClass as unknown) === ServiceEnvironment;
    return {
      module: EnvironmentModule,
      providers: isBase ? [provided] : [provided, alias],
      exports: [...new Set([environmentClass, ServiceEnvironment])],
    };
  }
}
