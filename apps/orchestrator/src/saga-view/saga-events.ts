import { Readable } from 'node:stream';
import { applyDecorators, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiResponse } from '@nestjs/swagger';
import { hasEnded, Sagas, type HistoryRow, type SagaRecord, type SagaStatus } from '@clew/saga';
import { ApiProblems, invalid } from '@clew/service';
import { transitionsOf } from './saga-history.js';

/** What is used here of Fastify's reply. */
export interface StreamReply {
  status(code: number): StreamReply;
  header(name: string, value: string): StreamReply;
  send(payload?: unknown): unknown;
  readonly raw: { readonly writableNeedDrain: boolean; write(text: string): boolean };
}

/** Documents a call that answers with server-sent events. */
export function ApiEvents(): MethodDecorator {
  return applyDecorators(
    ApiParam({ name: 'id', format: 'uuid' }),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'Of the last event that the caller has seen.',
      schema: { type: 'string', pattern: '^\\d{0,9}$' },
    }),
    ApiResponse({
      status: 200,
      description:
        'Each `transition` event has an item of the history as its data; an `end` event tells the status.',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    }),
    ApiProblems({ 400: 'The Last-Event-ID is none of an event' }),
    ApiResponse({ status: 204, description: 'It has ended, and the caller has seen all of it' }),
  );
}

/** How often an idle connection is told that there is somebody, in milliseconds. */
const HEARTBEAT_MS = 15_000;
/** After how many milliseconds a caller who lost the connection should come back. */
const RECONNECT_MS = 1_000;

const ENDS: Readonly<Record<string, SagaStatus>> = {
  SagaCompleted: 'COMPLETED',
  SagaCompensated: 'COMPENSATED',
};

/** The history of sagas as server-sent events, to as many as want to follow. Ends them all when the application stops. */
@Injectable()
export class SagaEvents implements BeforeApplicationShutdown {
  private readonly open = new Set<StreamReply>();
  private readonly stopping = new AbortController();
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(private readonly sagas: Sagas) {}

  beforeApplicationShutdown(): void {
    clearInterval(this.heartbeat);
    this.stopping.abort();
  }

  /**
   * Sends what has happened to a saga from behind the event that the caller has seen last, and goes on until it ends: then
   * an `end` event, and nothing more. Who asks again after that is answered 204, so that a browser stops asking.
   *
   * @throws 400 when the id is none of an event
   */
  send(record: SagaRecord, lastEventId: string | undefined, reply: StreamReply): void {
    const seen = sequenceOf(lastEventId);
    const told = record.history.reduce((count, { entries }) => count + entries.length, 0);
    if (hasEnded(record.state) && seen >= told) return void reply.status(204).send();
    const closed = new AbortController();
    const signal = AbortSignal.any([closed.signal, this.stopping.signal]);
    const stream = Readable.from(this.follow(record, seen, signal));
    stream.once('close', () => {
      closed.abort();
      this.open.delete(reply);
    });
    this.open.add(reply);
    this.heartbeat ??= setInterval(() => this.beat(), HEARTBEAT_MS).unref();
    reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(stream);
  }

  /** Between events: a stream hands over whole ones. */
  private beat(): void {
    for (const { raw } of this.open) if (!raw.writableNeedDrain) raw.write(': still here\n\n');
  }

  private async *follow(
    { id, history }: SagaRecord,
    seen: number,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    // At once, so that the caller knows that it is connected.
    yield `retry: ${RECONNECT_MS}\n\n`;
    let sequence = 0;
    let ended: SagaStatus | undefined;
    for (let rows: readonly HistoryRow[] = history; rows.length > 0;) {
      for (const transition of transitionsOf(id, rows, sequence)) {
        sequence = transition.sequence;
        if (sequence > seen)
          yield `id: ${sequence}\nevent: transition\ndata: ${JSON.stringify(transition)}\n\n`;
        // A child saga that has ended may still be asked to turn back.
        if (transition.type !== 'ParentAnsweredAgain') ended = ENDS[transition.type];
      }
      if (ended) {
        yield `event: end\ndata: ${JSON.stringify({ status: ended })}\n\n`;
        return;
      }
      rows = await this.sagas.next(id, rows.at(-1)!.revision, signal);
    }
  }
}

/** Of an event that the caller has seen; 0 when it has seen none. */
function sequenceOf(lastEventId: string | undefined): number {
  if (lastEventId === undefined || lastEventId === '') return 0;
  if (/^\d{1,9}$/.test(lastEventId)) return Number(lastEventId);
  throw invalid([
    { field: 'Last-Event-ID', message: 'Last-Event-ID must be the id of an event of this history' },
  ]);
}
