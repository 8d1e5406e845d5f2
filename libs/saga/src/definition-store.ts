import type { SqlExecutor } from '@clew/outbox';
import type { RegisteredDefinition } from './definition-registry.js';
import { signatureOf } from './core/index.js';

/** Instances that haven't ended and began with one definition. */
export interface InFlight {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  readonly count: number;
  /** Of the definition that they began with; `undefined` when none has been recorded. */
  readonly signature?: string;
}

/** What the database knows of definitions: which have been in use, and which of them still are. */
export class DefinitionStore {
  constructor(private readonly database: SqlExecutor) {}

  async inFlight(): Promise<InFlight[]> {
    const rows = await this.database.$queryRawUnsafe<(InFlight & { signature: string | null })[]>(
      `SELECT i.name, i.version, i.definition_hash AS hash, i.count, d.signature
       FROM (SELECT name, version, definition_hash, count(*)::int AS count FROM saga_instance
             WHERE status IN ('RUNNING', 'COMPENSATING', 'STUCK') GROUP BY name, version, definition_hash) AS i
       LEFT JOIN saga_definition d ON d.name = i.name AND d.version = i.version AND d.hash = i.definition_hash
       ORDER BY i.name, i.version, i.definition_hash`,
    );
    return rows.map(({ signature, ...row }) => ({ ...row, ...(signature !== null && { signature }) }));
  }

  /** Keeps what these definitions look like, so that a later one can be compared with them. */
  async record(definitions: readonly RegisteredDefinition[]): Promise<void> {
    await this.database.$executeRawUnsafe(
      `INSERT INTO saga_definition (name, version, hash, signature)
       SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING`,
      definitions.map(({ definition }) => definition.name),
      definitions.map(({ definition }) => definition.version),
      definitions.map(({ hash }) => hash),
      definitions.map(({ definition }) => signatureOf(definition)),
    );
  }
}
