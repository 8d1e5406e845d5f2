import { Agent, request } from 'node:http';
import type { Answer } from '../api-operations.js';
import type { OddRequest } from './odd-request.js';

export interface Received extends Answer {
  readonly retryAfter: string | undefined;
}

/** Sends requests as they are, over connections that are kept. */
export class HttpSender {
  private readonly agent: Agent;

  constructor(
    private readonly url: string,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Resolves with the answer; of a stream only with its beginning. */
  send({ method, path, headers, body }: OddRequest): Promise<Received> {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
      const sent = request(
        {
          agent: this.agent,
          hostname,
          port,
          method,
          path,
          headers: { ...headers, ...length },
          timeout: 40_000,
        },
        (response) => {
          const { statusCode = 0, headers: fields } = response;
          const { 'content-type': contentType, 'retry-after': retryAfter } = fields;
          const parts: Buffer[] = [];
          const done = () => {
            const text = Buffer.concat(parts).toString();
            resolve({ status: statusCode, contentType, retryAfter, text });
          };
          response.on('data', (part: Buffer) => parts.push(part));
          response.once('end', done);
          response.once('error', reject);
          if (contentType?.startsWith('text/event-stream')) {
            done();
            response.destroy();
          }
        },
      );
      sent.once('timeout', () => sent.destroy(new Error('There was no answer within 40 s.')));
      sent.once('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
