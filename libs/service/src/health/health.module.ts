import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.js';
import { HEALTH_CHECKS, type HealthChecks } from './health-checks.js';
import { Readiness } from './readiness.js';

export interface HealthModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject: FactoryProvider['inject'];
  readonly useFactory: (...dependencies: never[]) => HealthChecks;
}

/** `GET /health/live` and `GET /health/ready`. */
@Module({})
export class HealthModule {
  static forRootAsync({ imports, inject, useFactory }: HealthModuleAsyncOptions): DynamicModule {
    return {
      module: HealthModule,
      // Its log would repeat every failed probe.
      imports: [TerminusModule.forRoot({ logger: false }), ...(imports ?? [])],
      controllers: [HealthController],
      providers: [Readiness, { provide: HEALTH_CHECKS, inject: inject ?? [], useFactory }],
      exports: [Readiness],
    };
  }
}
