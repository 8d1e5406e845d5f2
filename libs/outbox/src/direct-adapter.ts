import { AsyncLocalStorage } from 'node:async_hooks';
import type {
  IsolationLevel,
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  SqlResultSet,
  Transaction,
} from '@prisma/driver-adapter-utils';

/** Who asks Prisma's client for something, to learn what the client asks it of. */
export interface AdapterListener {
  /** The client began a transaction. */
  readonly began?: (transaction: DirectTransaction) => void;
  /** The client ran a statement. */
  readonly ran?: (sql: string, adapter: DirectAdapter) => void;
}

const listeners = new AsyncLocalStorage<AdapterListener>();

/** Runs work with a listener that learns what becomes of it in an adapter made by {@link direct}. */
export function listening<Result>(listener: AdapterListener, work: () => Promise<Result>): Promise<Result> {
  // Awaited in here: what the client promises it begins only when somebody waits for it.
  return listeners.run(listener, async () => await work());
}

export interface DirectOptions {
  /**
   * The isolation that a transaction has on every connection of the adapter if nothing is said: one that is to have it saves
   * the round trip of saying so.
   */
  readonly defaultIsolation?: IsolationLevel;
}

/**
 * An adapter for Prisma's client through which the libraries run their own statements themselves, on the connections and in the
 * transactions of that client: `new PrismaClient({ adapter: direct(new PrismaPg(...)) })`.
 *
 * What the client does with a statement before the adapter gets it costs more than what adapter and driver do. Without `direct` everything
 * works the same, and takes more processor time. Extensions, logs and traces of the client don't see the libraries' statements then.
 */
export function direct(
  factory: SqlDriverAdapterFactory,
  options: DirectOptions = {},
): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => new DirectAdapter(await factory.connect(), options),
  };
}

/** The adapter as it is, which tells listeners of itself. */
export class DirectAdapter implements SqlDriverAdapter {
  readonly provider;
  readonly adapterName;
  readonly getConnectionInfo;
  isOver = false;

  constructor(
    readonly inner: SqlDriverAdapter,
    private readonly options: DirectOptions,
  ) {
    this.provider = inner.provider;
    this.adapterName = inner.adapterName;
    this.getConnectionInfo = inner.getConnectionInfo?.bind(inner);
  }

  queryRaw(query: SqlQuery): Promise<SqlResultSet> {
    listeners.getStore()?.ran?.(query.sql, this);
    return emptiedAfter(query, (copy) => this.inner.queryRaw(copy));
  }

  executeRaw(query: SqlQuery): Promise<number> {
    listeners.getStore()?.ran?.(query.sql, this);
    return emptiedAfter(query, (copy) => this.inner.executeRaw(copy));
  }

  async startTransaction(isolationLevel?: IsolationLevel): Promise<Transaction> {
    const asked = isolationLevel === this.options.defaultIsolation ? undefined : isolationLevel;
    const transaction = new DirectTransaction(await this.inner.startTransaction(asked));
    listeners.getStore()?.began?.(transaction);
    return transaction;
  }

  executeScript(script: string): Promise<void> {
    return this.inner.executeScript(script);
  }

  async dispose(): Promise<void> {
    this.isOver = true;
    await this.inner.dispose();
  }
}

/** A transaction as it is, which knows when it is over: its connection may be somebody else's from then on. */
export class DirectTransaction implements Transaction {
  readonly provider;
  readonly adapterName;
  readonly options;
  readonly createSavepoint;
  readonly rollbackToSavepoint;
  readonly releaseSavepoint;
  isOver = false;

  constructor(readonly inner: Transaction) {
    this.provider = inner.provider;
    this.adapterName = inner.adapterName;
    this.options = inner.options;
    this.createSavepoint = inner.createSavepoint?.bind(inner);
    this.rollbackToSavepoint = inner.rollbackToSavepoint?.bind(inner);
    this.releaseSavepoint = inner.releaseSavepoint?.bind(inner);
  }

  queryRaw(query: SqlQuery): Promise<SqlResultSet> {
    return emptiedAfter(query, (copy) => this.inner.queryRaw(copy));
  }

  executeRaw(query: SqlQuery): Promise<number> {
    // Prisma ends it by a statement and gives the connection back later: what came in between would be in no transaction.
    if (/^(COMMIT|ROLLBACK)$/i.test(query.sql)) this.isOver = true;
    return emptiedAfter(query, (copy) => this.inner.executeRaw(copy));
  }

  commit(): Promise<void> {
    this.isOver = true;
    return this.inner.commit();
  }

  rollback(): Promise<void> {
    this.isOver = true;
    return this.inner.rollback();
  }
}

/**
 * Runs a statement, and lets go of its values then. Prisma's adapters keep the last hundred statements for reports of bugs, with their
 * values: of batches that are tens of megabytes, and what travellers have told.
 */
export async function emptiedAfter<Answer>(
  query: SqlQuery,
  run: (copy: SqlQuery) => Promise<Answer>,
): Promise<Answer> {
  const copy = { ...query };
  try {
    return await run(copy);
  } finally {
    copy.args = [];
  }
}
