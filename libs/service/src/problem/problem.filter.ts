import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { isTransient } from '@clew/outbox';
import { PacedLog } from '@clew/paced-log';
import { ProblemException, unavailable } from './problem.exception.js';
import { PROBLEM_CONTENT_TYPE, problemOf } from './problem.js';

/**
 * Answers every error with a problem (RFC 9457); what isn't the caller's doing is logged and not shown. That a server is away
 * thousands of callers may hear in a second: of them the log has a line a second.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');
  private readonly refusals = new PacedLog((line) => this.logger.warn(line));

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const response: unknown = host.switchToHttp().getResponse();
    const { problem, headers } = this.exceptionOf(error);
    if (httpAdapter.isHeadersSent(response)) return;
    for (const [name, value] of Object.entries(headers)) httpAdapter.setHeader(response, name, value);
    httpAdapter.setHeader(response, 'content-type', PROBLEM_CONTENT_TYPE);
    // As text: an adapter may take the content type of an object into its own hands.
    httpAdapter.reply(response, JSON.stringify(problem), problem.status);
  }

  /** Logs what was held back; for when the last request has been answered. */
  close(): void {
    this.refusals.close();
  }

  private exceptionOf(error: unknown): ProblemException {
    if (error instanceof ProblemException) return error;
    if (error instanceof HttpException && error.getStatus() < 500) {
      return new ProblemException(problemOf(error.getStatus(), error.message));
    }
    if (isShut(error)) return unavailable(error.message, 5);
    if (isUnavailable(error)) {
      const reason = error instanceof Error ? error.message : String(error);
      this.refusals.happened((times) =>
        times === 1 ? `Answered 503: ${reason}` : `Answered 503 ${times} times, the last: ${reason}`,
      );
      return unavailable('A server that is needed for this is away for the moment. Try again.');
    }
    this.logger.error(error instanceof Error ? (error.stack ?? error.message) : error);
    return new ProblemException(problemOf(500, 'An unexpected error. It has been logged.'));
  }
}

/** What was asked for isn't begun for the moment, and callers may know why. */
function isShut(error: unknown): error is Error {
  const { code } = (error ?? {}) as { code?: unknown };
  return error instanceof Error && (code === 'TOO_BUSY' || code === 'SAGA_PAUSED');
}

function isUnavailable(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'UNAVAILABLE' || isTransient(error);
}
