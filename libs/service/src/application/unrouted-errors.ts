import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_CONTENT_TYPE, problemOf } from '../problem/problem.js';

/** What is used here of Fastify's reply, whose type depends on a route. */
interface Reply {
  hijack(): unknown;
  readonly raw: ServerResponse;
}

/** Answers with a problem what Fastify refuses before there is a route: a URL that can't be decoded or is too long. */
export function answerUnrouted(error: { statusCode?: number }, _request: unknown, reply: Reply): void {
  const problem = problemOf(error.statusCode ?? 400, 'The URL is too long, or not well-formed.');
  reply.hijack();
  reply.raw.writeHead(problem.status, { 'content-type': PROBLEM_CONTENT_TYPE }).end(JSON.stringify(problem));
}

/** Answers with a problem what Node's HTTP parser refuses, then hangs up: where the next request begins is unknown. */
export function answerUnparsed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const problem = problemOf(
      STATUS_BY_CODE[error.code ?? ''] ?? 400,
      'The request is not well-formed HTTP.',
    );
    const body = JSON.stringify(problem);
    socket.write(
      `HTTP/1.1 ${problem.status} \r\nContent-Type: ${PROBLEM_CONTENT_TYPE}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};
