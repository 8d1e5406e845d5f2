import { HttpException } from '@nestjs/common';
import { problemOf, validationProblem, type FieldError, type Problem } from './problem.js';

/** Ends a request with a problem. */
export class ProblemException extends HttpException {
  constructor(
    readonly problem: Problem,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problem, problem.status);
  }
}

/** 404: what the request names doesn't exist. */
export function notFound(detail: string, code?: string): ProblemException {
  return new ProblemException(problemOf(404, detail, code ? { code } : {}));
}

/** 400: fields of the request break rules. */
export function invalid(errors: readonly FieldError[]): ProblemException {
  return new ProblemException(validationProblem(errors));
}

/** 503: the caller should try again after so many seconds. */
export function unavailable(detail: string, retryAfterSeconds = 1): ProblemException {
  return new ProblemException(problemOf(503, detail), { 'retry-after': String(retryAfterSeconds) });
}
