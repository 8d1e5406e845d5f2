import { answeringInTime, type SqlExecutor } from '@clew/outbox';
import type { PrismaService } from './prisma.service.js';

const ANSWER_WITHIN_MS = 7_500;

/** The database of this service for those who wait for its answer: when it says nothing, they are told so in time. */
export abstract class AskedDatabase implements SqlExecutor {
  static of(database: PrismaService): AskedDatabase {
    return answeringInTime(database, ANSWER_WITHIN_MS);
  }

  abstract $queryRawUnsafe<Rows = unknown>(sql: string, ...values: unknown[]): Promise<Rows>;
  abstract $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
}
