import { factMessage } from '@clew/envelope';
import { outboxMessage, type OutboxMessage } from '@clew/outbox';
import type { HistoryEntry } from './saga-record.js';
import type { Transition } from './transition.js';

/** What the owner of a choreographed saga has recorded under one revision, as others are told. */
export interface Journal {
  /** Counted from 1 without a gap. */
  readonly revision: number;
  readonly entries: readonly HistoryEntry[];
}

export interface JournalInput extends Journal {
  readonly type: 'journal';
}

/** How far an onlooker has followed the owner. */
export interface JournalMark {
  /** The last revision of the owner up to which it has heard all. */
  readonly heard: number;
  /** What came before its turn, by revision. */
  readonly early: Readonly<Record<string, readonly HistoryEntry[]>>;
}

/** Where the owner of a saga tells of it. */
export function journalTopicOf(saga: string): string {
  return `${saga}.journal`;
}

/** The owner's word on a transition. That the saga has started need not be told: the one who is told has started it. */
export function journalMessage(
  { sagaId, registered, expectedRevision, entries }: Omit<Transition, 'messages'>,
  at: Date,
): OutboxMessage {
  const { definition, hash } = registered;
  const revision = expectedRevision + 1;
  const told = entries.filter(({ event }) => event.type !== 'SagaStarted');
  const journal: Journal = { revision, entries: told.map((entry) => ({ ...entry, at: at.toISOString() })) };
  return outboxMessage(
    factMessage({
      factId: `${sagaId}/journal/${revision}`,
      sagaId,
      saga: definition.name,
      version: definition.version,
      definition: hash,
      topic: journalTopicOf(definition.name),
      body: journal,
    }),
  );
}

/** Reads the body of such a word; `undefined` when it is none. */
export function readJournal(body: object): Journal | undefined {
  const { revision, entries } = body as Readonly<Record<string, unknown>>;
  if (typeof revision !== 'number' || !Number.isInteger(revision) || revision < 1) return undefined;
  if (!Array.isArray(entries) || !entries.every(isEntry)) return undefined;
  return { revision, entries };
}

function isEntry(value: unknown): value is HistoryEntry {
  const { event, cause } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isObject = (part: unknown) => typeof part === 'object' && part !== null;
  return isObject(event) && isObject(cause) && typeof (event as { type?: unknown }).type === 'string';
}

/**
 * Follows the owner by one word of it, in whatever order they come.
 *
 * @returns the entries whose turn has come, and how far that gets
 */
export function follow(
  mark: JournalMark | undefined,
  { revision, entries }: Journal,
): { readonly entries: readonly HistoryEntry[]; readonly mark: JournalMark } {
  let { heard, early } = mark ?? { heard: 0, early: {} };
  if (mark && revision <= heard) return { entries: [], mark };
  early = { ...early, [revision]: entries };
  const now: HistoryEntry[] = [];
  for (let next = early[heard + 1]; next; next = early[heard + 1]) {
    heard += 1;
    now.push(...next);
    const { [heard]: _, ...later } = early;
    early = later;
  }
  return { entries: now, mark: { heard, early } };
}
