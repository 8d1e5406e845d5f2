import { Injectable } from '@nestjs/common';
import {
  hasEnded,
  recordAt,
  Sagas,
  StartKeyReused,
  type SagaDefinition,
  type SagaRecord,
  type StartedOnce,
  type StartOptions,
} from '@clew/saga';
import { unprocessable } from '@clew/service';
import { entityTagOf } from '../saga-view/entity-tag.js';
import type { HttpReply } from '../saga-view/http-reply.js';
import { fingerprintOfRequest, readIdempotencyKey } from './idempotency-key.js';
import { LONGEST_WAIT, readPreferredWait } from './preferred-wait.js';

/** The header fields of a call that starts something. */
export interface StartHeaders {
  readonly 'idempotency-key'?: string;
  readonly prefer?: string;
}

/** What a call was answered with: the saga as it stood at a revision, from which the same answer can be made again. */
interface FirstAnswer {
  readonly status: number;
  readonly revision: number;
}

/** How often to see whether whoever asked first was answered, in milliseconds. */
const LOOK_AGAIN_MS = 100;

/** Starts sagas for callers: by a key at most once, and waits for their end if a caller would rather have that. */
@Injectable()
export class SagaStarter {
  constructor(private readonly sagas: Sagas) {}

  /**
   * Starts a saga and says so in the reply's status and header fields.
   *
   * @param present the view of it that callers get; its `links.self` is where it is found
   * @throws 400 for a key that is none, 422 for one that was used for something else
   */
  async start<Input, View extends { readonly links: { readonly self: string } }>(
    definition: SagaDefinition<Input>,
    input: Input,
    options: StartOptions,
    headers: StartHeaders,
    reply: HttpReply,
    present: (record: SagaRecord) => View,
  ): Promise<View> {
    const wait = readPreferredWait(headers.prefer);
    const key = readIdempotencyKey(headers['idempotency-key']);
    const { status, record } =
      key === undefined
        ? await this.startAnew(definition, input, options, wait)
        : await this.startByKey(definition, input, options, wait, key);
    const view = present(record);
    reply.status(status);
    reply.header('location', view.links.self);
    reply.header('etag', entityTagOf(record));
    if (wait !== undefined) reply.header('preference-applied', `wait=${wait}`);
    if (!hasEnded(record.state)) reply.header('retry-after', '1');
    return view;
  }

  private async startAnew<Input>(
    definition: SagaDefinition<Input>,
    input: Input,
    options: StartOptions,
    wait: number | undefined,
  ): Promise<Answered> {
    const begun = await this.sagas.start(definition, input, options);
    if (wait === undefined) return { status: 202, record: begun };
    const record = await this.untilEnded(begun, wait);
    return { status: answerFor(record).status, record };
  }

  /** Whoever asks with the same key again gets the answer that was given first, if need be once it has been given. */
  private async startByKey<Input>(
    definition: SagaDefinition<Input>,
    input: Input,
    options: StartOptions,
    wait: number | undefined,
    key: string,
  ): Promise<Answered> {
    const { coordination } = options;
    const fingerprint = fingerprintOfRequest(definition.name, { input, coordination });
    // Without waiting the answer is known beforehand: the saga as it begins.
    const answer: FirstAnswer | undefined = wait === undefined ? { status: 202, revision: 1 } : undefined;
    const startKey = { key, fingerprint, ...(answer && { answer }) };
    const begun = await refusingReuse(this.sagas.startOnce(definition, input, startKey, options));
    const first =
      begun.answer ??
      (begun.isNew ? undefined : await this.firstAnswer(begun.record, options, key)) ??
      (await this.answerFirst(begun, options, key, wait ?? 0));
    const { status, revision } = first as FirstAnswer;
    // What has just begun needs no look into the database, which may say nothing by now.
    const isKnown = begun.record.revision >= revision;
    const record = isKnown ? begun.record : await this.sagas.find(begun.record.id);
    return { status, record: recordAt(record ?? begun.record, revision) };
  }

  /** What whoever asked first was answered. Nothing if that one is gone, or is about to be told of the end. */
  private async firstAnswer(
    { id }: SagaRecord,
    options: StartOptions,
    key: string,
  ): Promise<object | undefined> {
    const over = AbortSignal.timeout(1_000 * (LONGEST_WAIT + 1));
    for (;;) {
      const answer = await this.sagas.startAnswer(options, key);
      if (answer || over.aborted) return answer;
      const soon = AbortSignal.any([over, AbortSignal.timeout(LOOK_AGAIN_MS)]);
      const record = await this.sagas.untilEnded(id, soon);
      if (!record || hasEnded(record.state)) return undefined;
    }
  }

  /** Of several that try, the first one's answer is everybody's. */
  private async answerFirst(
    { record, isNew }: StartedOnce,
    options: StartOptions,
    key: string,
    wait: number,
  ): Promise<object> {
    const answer = answerFor(await this.untilEnded(record, isNew ? wait : 0));
    return (await this.sagas.answerStart(options, key, answer)) ?? answer;
  }

  /** The saga once it has ended, or after so many seconds. */
  private async untilEnded(record: SagaRecord, seconds: number): Promise<SagaRecord> {
    return (await this.sagas.untilEnded(record.id, AbortSignal.timeout(1_000 * seconds))) ?? record;
  }
}

interface Answered {
  readonly status: number;
  readonly record: SagaRecord;
}

/** To somebody who would wait: 201 when it has ended. */
function answerFor({ state, revision }: SagaRecord): FirstAnswer {
  return { status: hasEnded(state) ? 201 : 202, revision };
}

async function refusingReuse<Result>(start: Promise<Result>): Promise<Result> {
  try {
    return await start;
  } catch (error) {
    throw error instanceof StartKeyReused
      ? unprocessable('The Idempotency-Key was sent with another request before.')
      : error;
  }
}
