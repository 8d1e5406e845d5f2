import type { SagaStatus } from './core/index.js';

/** Which instances are asked for; all of it must hold. */
export interface SagaFilter {
  readonly name?: string;
  readonly status?: SagaStatus;
  readonly owner?: string;
  /** From this time on, by the database's clock. */
  readonly createdFrom?: Date;
  /** Before this time. */
  readonly createdBefore?: Date;
  /** Of the failure for which it turned back. */
  readonly failureCode?: string;
  /** Not ended although begun longer ago than this, in milliseconds. */
  readonly openForMs?: number;
  /** About whom or what they are, as was said at the start. */
  readonly subject?: string;
  /** Anywhere in the input, whatever its case. Reads every row that the rest of the filter leaves. */
  readonly text?: string;
  readonly limit: number;
  /** Only instances older than this one. */
  readonly before?: string;
}

/** A filter as conditions on `saga_instance s` and `saga_opening o`, with the values from `$3` on. */
export function conditionsOf(filter: Omit<SagaFilter, 'limit' | 'before'>): {
  readonly conditions: string[];
  readonly values: unknown[];
} {
  const { name, status, owner, createdFrom, createdBefore, failureCode, openForMs, subject, text } = filter;
  const conditions: string[] = [];
  const values: unknown[] = [];
  const where = (condition: (parameter: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${values.length + 2}`));
  };
  where((p) => `s.name = ${p}::text`, name);
  where((p) => `s.status = ${p}::text`, status);
  where((p) => `o.owner = ${p}::text`, owner);
  where((p) => `s.created_at >= ${p}::timestamptz`, createdFrom?.toISOString());
  where((p) => `s.created_at < ${p}::timestamptz`, createdBefore?.toISOString());
  // As text: a message in it may have signs that the database can't take out of JSON.
  where((p) => `s.failure::text LIKE ${p}::text`, failureCode && `%"code":"${escaped(failureCode)}"%`);
  where((p) => `s.ended_at IS NULL AND s.created_at < now() - ${p}::float8 * interval '1 ms'`, openForMs);
  where((p) => `o.subject = ${p}::text`, subject?.toLowerCase());
  where((p) => `s.input::text ILIKE ${p}::text`, text === undefined ? undefined : `%${escaped(text)}%`);
  return { conditions, values };
}

/** With what stands for itself in a LIKE pattern, in text as JSON writes it. */
function escaped(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\\%_]/g, (sign) => `\\${sign}`);
}
