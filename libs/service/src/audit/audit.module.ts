import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import type { SqlExecutor } from '@clew/outbox';
import { AuditController } from './audit.controller.js';
import { AUDITED, type Audited } from './audited.js';
import type { Books } from './books.js';

export interface AuditModuleOptions {
  /** `flights`: its migrations are in `prisma/flights`. */
  readonly service: string;
  readonly books: Books;
  /** The token of the database that the books are in. */
  readonly database: NonNullable<FactoryProvider['inject']>[number];
}

/** `GET /audit/reservations`, `/audit/inventory` and `/audit/migrations`, for whoever bears the operator's key. */
@Module({})
export class AuditModule {
  static forRoot({ service, books, database }: AuditModuleOptions): DynamicModule {
    const useFactory = (executor: SqlExecutor): Audited => ({ service, books, database: executor });
    return {
      module: AuditModule,
      controllers: [AuditController],
      providers: [{ provide: AUDITED, inject: [database], useFactory }],
    };
  }
}
