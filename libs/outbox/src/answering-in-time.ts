import type { SqlExecutor } from './sql-database.js';
import { DatabaseFault } from './transient.js';

/**
 * A database for those who wait for its answer: a query that it says nothing to for `withinMs` milliseconds rejects with a
 * {@link DatabaseFault}, which is transient. What was asked may be done all the same, and until then it keeps its connection.
 */
export function answeringInTime(database: SqlExecutor, withinMs: number): SqlExecutor {
  const inTime = <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      const fault = () => new DatabaseFault(`The database said nothing for ${withinMs / 1_000} s`);
      timer = setTimeout(() => reject(fault()), withinMs);
    });
    return Promise.race([answer, silence]).finally(() => clearTimeout(timer));
  };
  return {
    $queryRawUnsafe: <Rows>(sql: string, ...values: unknown[]) =>
      inTime(database.$queryRawUnsafe<Rows>(sql, ...values)),
    $executeRawUnsafe: (sql, ...values) => inTime(database.$executeRawUnsafe(sql, ...values)),
  };
}
