import { Injectable } from '@nestjs/common';
import { AskedDatabase } from '../database/asked-database.js';
import type { OperatorActionResponse } from './operator-log.response.dto.js';

/** Something that an operator does. */
export interface OperatorAction {
  readonly actor: string;
  /** Of the key that was shown, if it has one. */
  readonly keyName?: string | undefined;
  readonly action: string;
  readonly target: object;
  readonly reason: string;
}

interface Row {
  id: bigint;
  at: Date;
  actor: string;
  key_name: string | null;
  action: string;
  target: object;
  reason: string;
  outcome: string | null;
}

/** The longest outcome that is kept, in characters. */
const LONGEST_OUTCOME = 500;

/** What operators have done, and why, for good: what isn't written down isn't done, and what was written down stays. */
@Injectable()
export class OperatorLog {
  constructor(private readonly database: AskedDatabase) {}

  /** Writes down what is about to be done, does it, and adds what came of it: `done`, or why not. */
  async keep<Result>(entry: OperatorAction, act: () => Promise<Result>): Promise<Result> {
    const [row] = await this.database.$queryRawUnsafe<{ id: bigint }[]>(
      `INSERT INTO operator_action (actor, key_name, action, target, reason)
       VALUES ($1::text, $2::text, $3::text, $4::json, $5::text) RETURNING id`,
      entry.actor,
      entry.keyName ?? null,
      entry.action,
      JSON.stringify(entry.target),
      entry.reason,
    );
    try {
      const result = await act();
      await this.conclude(row!.id, 'done');
      return result;
    } catch (error) {
      // What went wrong is to be heard of, whatever becomes of this.
      await this.conclude(row!.id, error instanceof Error ? error.message : String(error)).catch(
        () => undefined,
      );
      throw error;
    }
  }

  /** Newest first; those before `before`, if it is given. */
  async list(limit: number, before?: string): Promise<OperatorActionResponse[]> {
    const rows = await this.database.$queryRawUnsafe<Row[]>(
      `SELECT id, at, actor, key_name, action, target, reason, outcome FROM operator_action
       WHERE $1::text = '' OR id < $1::text::bigint ORDER BY id DESC LIMIT $2::int`,
      before ?? '',
      limit,
    );
    return rows.map(({ id, at, key_name, ...row }) => ({
      ...row,
      id: String(id),
      at: at.toISOString(),
      keyName: key_name,
    }));
  }

  private async conclude(id: bigint, outcome: string): Promise<void> {
    await this.database.$executeRawUnsafe(
      'UPDATE operator_action SET outcome = $2::text WHERE id = $1::bigint',
      id,
      outcome.slice(0, LONGEST_OUTCOME),
    );
  }
}
