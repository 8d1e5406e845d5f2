import type { SagaRecord } from '@clew/saga';
import type { HttpReply } from './http-reply.js';

/** Changes whenever the saga does. */
export function entityTagOf(record: SagaRecord): string {
  return `"${record.revision}"`;
}

/** Whether an `If-None-Match` header names the entity tag, compared weakly as RFC 9110 asks for. */
export function namesEntityTag(ifNoneMatch: string | undefined, entityTag: string): boolean {
  const named = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return named.includes('*') || named.includes(entityTag);
}

/** Answers a conditional GET: with the view of the saga, or with 304 alone when the caller has it already. */
export function answerUnlessKnown<View>(
  record: SagaRecord,
  ifNoneMatch: string | undefined,
  reply: HttpReply,
  present: (record: SagaRecord) => View,
): View | undefined {
  const entityTag = entityTagOf(record);
  reply.header('etag', entityTag);
  if (!namesEntityTag(ifNoneMatch, entityTag)) return present(record);
  reply.status(304);
  return undefined;
}

/** The header as OpenAPI describes it. */
export function entityTagHeader(what: string) {
  return { ETag: { description: `Changes whenever the ${what} does.`, schema: { type: 'string' as const } } };
}
