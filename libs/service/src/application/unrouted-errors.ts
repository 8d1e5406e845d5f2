import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_CONTENT_TYPE, problemOf } from '../problem/problem.js';
import { BARE_SECURITY_HEADERS } from './security-headers.js';

/** What is used here of Fastify's reply, whose type depends on a route. */
interface Reply {
  hijack(): unknown;
  readonly raw: ServerResponse;
}

/** Answers with a problem what Fastify refuses before there is a route: a URL that can't be decoded or is too long. */
export function answerUnrouted(error: { statusCode?: number }, _request: unknown, reply: Reply): void {
  const problem = problemOf(error.statusCode ?? 400, 'The URL is too long, or not well-formed.');
  reply.hijack();
  reply.raw
    .writeHead(problem.status, { 'content-type': PROBLEM_CONTENT_TYPE, ...BARE_SECURITY_HEADERS })
    .end(JSON.stringify(problem));
}

/** Answers with a problem what is expected of the server (RFC 9110, 10.1.1) and is no "100-continue": Node says 417 without a word. */
export function answerUnexpected(_request: IncomingMessage, response: ServerResponse): void {
  const problem = problemOf(417, 'The header field Expect may be "100-continue" only.');
  // The body is on its way or not: nobody knows where the next request begins.
  const headers = { 'content-type': PROBLEM_CONTENT_TYPE, connection: 'close', ...BARE_SECURITY_HEADERS };
  response.writeHead(problem.status, headers).end(JSON.stringify(problem));
}

/**
 * Answers with a problem what Node's HTTP parser refuses and what takes too long to arrive, then hangs up: where the next
 * request begins is unknown.
 */
export function answerUnparsed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const [status, detail] = ANSWER_BY_CODE[error.code ?? ''] ?? [
      400,
      'The request is not well-formed HTTP.',
    ];
    const body = JSON.stringify(problemOf(status, detail));
    const headers = {
      'content-type': PROBLEM_CONTENT_TYPE,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
      ...BARE_SECURITY_HEADERS,
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 ${status} \r\n${lines.join('')}\r\n${body}`);
  }
  socket.destroy(error);
}

const ANSWER_BY_CODE: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: [431, 'The header fields are larger than 16 KB.'],
};
