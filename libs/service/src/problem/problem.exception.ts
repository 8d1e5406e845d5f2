import { HttpException } from '@nestjs/common';
import { problemOf, validationProblem, type FieldError, type Problem } from './problem.js';

/** Ends a request with a problem. */
export class ProblemException extends HttpException {
  constructor(
    readonly problem: Problem,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problem, problem.status);
    // Nest has read none out of the problem.
    this.message = problem.detail;
  }
}

/** 404: what the request names doesn't exist. */
export function notFound(detail: string, code?: string): ProblemException {
  return new ProblemException(problemOf(404, detail, code ? { code } : {}));
}

/** 401: the caller has to say who they are, by a bearer key. */
export function unauthorized(detail: string): ProblemException {
  return new ProblemException(problemOf(401, detail), { 'www-authenticate': 'Bearer' });
}

/** 403: the caller is known, and may not do this. */
export function forbidden(detail: string): ProblemException {
  return new ProblemException(problemOf(403, detail));
}

/** 409: the request makes no sense as things stand. */
export function conflict(detail: string): ProblemException {
  return new ProblemException(problemOf(409, detail));
}

/** 422: the request can be read, but it contradicts an earlier one. */
export function unprocessable(detail: string): ProblemException {
  return new ProblemException(problemOf(422, detail));
}

/** 400: fields of the request break rules. */
export function invalid(errors: readonly FieldError[]): ProblemException {
  return new ProblemException(validationProblem(errors));
}

/** 429: the caller should try again after so many seconds, and less often. */
export function tooManyRequests(detail: string, retryAfterSeconds: number): ProblemException {
  return new ProblemException(problemOf(429, detail), { 'retry-after': String(retryAfterSeconds) });
}

/** 503: the caller should try again after so many seconds. */
export function unavailable(detail: string, retryAfterSeconds = 1): ProblemException {
  return new ProblemException(problemOf(503, detail), { 'retry-after': String(retryAfterSeconds) });
}
