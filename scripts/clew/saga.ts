import { Refused } from './exit.js';
import type { HttpApi } from './http-api.js';

export interface Step {
  readonly name: string;
  readonly status: string;
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly result: unknown;
  readonly rejection: { readonly code: string; readonly message: string } | null;
}

/** A saga as the gateway shows it, whichever it is. */
export interface Saga {
  readonly id: string;
  readonly saga: string;
  readonly version: number;
  /** Only of those that callers may choose it for, and not in lists of all sagas. */
  readonly coordination?: string;
  readonly status: string;
  readonly steps: readonly Step[];
  readonly failure: { readonly step: string | null; readonly code: string; readonly message: string } | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly endedAt: string | null;
  /** Why it hasn't ended, where operators ask. */
  readonly waiting?: readonly string[];
}

export interface Transition {
  readonly sequence: number;
  readonly revision: number;
  readonly at: string;
  readonly type: string;
  readonly step: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly cause: {
    readonly kind: string;
    readonly action: string | null;
    readonly actor: string | null;
    readonly reason: string | null;
  };
}

export interface SagaPage {
  readonly items: readonly Saga[];
  readonly nextCursor?: string | null;
}

/** Under which paths callers find the instances of a saga. */
const RESOURCES = ['bookings', 'orders', 'returns', 'exchanges'];
const PAGE = 100;

/** A saga and its path; `undefined` when there is none of that id. */
export async function findSaga(
  gateway: HttpApi,
  id: string,
): Promise<{ saga: Saga; path: string } | undefined> {
  for (const resource of RESOURCES) {
    const path = `/${resource}/${encodeURIComponent(id)}`;
    const saga = await gateway.find<Saga>(path);
    if (saga) return { saga, path };
  }
  return undefined;
}

/** @throws Refused when there is no saga of that id */
export async function sagaOf(gateway: HttpApi, id: string): Promise<{ saga: Saga; path: string }> {
  const found = await findSaga(gateway, id);
  if (!found) throw new Refused(`There is no saga ${id}. "list" shows those there are.`);
  return found;
}

/** Everything that happened to the saga at that path, in order. */
export async function historyAt(gateway: HttpApi, path: string): Promise<readonly Transition[]> {
  return (await gateway.get<{ items: Transition[] }>(`${path}/history`)).items;
}

/** Pages of sagas, newest first. */
export async function* sagaPages(
  gateway: HttpApi,
  filter: Readonly<Record<string, string>> = {},
): AsyncGenerator<readonly Saga[]> {
  let more: Record<string, string> = {};
  for (;;) {
    const query = new URLSearchParams({ ...filter, ...more }).toString();
    const { items, nextCursor } = await gateway.get<SagaPage>(`/operations/sagas${query && `?${query}`}`);
    yield items;
    if (!nextCursor) return;
    more = { limit: filter['limit'] ?? String(PAGE), cursor: nextCursor };
  }
}
