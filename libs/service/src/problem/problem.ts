import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** What is wrong with one field of a request. */
export class FieldError {
  @ApiProperty({
    example: 'flight.seats',
    description: 'Path of the field; empty for the request as a whole.',
  })
  field!: string;

  @ApiProperty({ example: 'seats must not be less than 1' })
  message!: string;
}

/** RFC 9457 problem details: what every error is answered with. */
export class Problem {
  @ApiProperty({ example: 'urn:clew:problem:validation', description: 'Stable: callers branch on it.' })
  type!: string;

  @ApiProperty({ example: 'The request is not valid' })
  title!: string;

  @ApiProperty({ type: 'integer', example: 400 })
  status!: number;

  @ApiProperty({ example: 'flight.seats: seats must not be less than 1' })
  detail!: string;

  @ApiPropertyOptional({
    example: 'FLIGHT_UNKNOWN',
    description: 'A reason of the business, where there is one.',
  })
  code?: string;

  @ApiPropertyOptional({ type: [FieldError] })
  errors?: FieldError[];
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

interface ProblemKind {
  readonly name: string;
  readonly title: string;
}

/** Fixed here rather than taken from Node's status texts, which change between its versions. */
const KINDS: Readonly<Record<number, ProblemKind>> = {
  400: { name: 'bad-request', title: 'The request can not be understood' },
  401: { name: 'unauthorized', title: 'The request needs credentials' },
  403: { name: 'forbidden', title: 'The request is not allowed' },
  404: { name: 'not-found', title: 'There is nothing here' },
  405: { name: 'method-not-allowed', title: 'The method is not allowed here' },
  408: { name: 'request-timeout', title: 'The request did not arrive in time' },
  409: { name: 'conflict', title: 'The request does not fit the current state' },
  413: { name: 'content-too-large', title: 'The body is too large' },
  414: { name: 'uri-too-long', title: 'The URL is too long' },
  415: { name: 'unsupported-media-type', title: 'The content type is not supported' },
  417: { name: 'expectation-failed', title: 'The expectation can not be met' },
  422: { name: 'unprocessable-content', title: 'The request can not be processed' },
  429: { name: 'too-many-requests', title: 'The caller makes too many requests' },
  431: { name: 'header-fields-too-large', title: 'The header fields are too large' },
  500: { name: 'internal', title: 'Something went wrong on our side' },
  503: { name: 'unavailable', title: 'The service is not available now' },
};

/** A problem of the general kind of its status. */
export function problemOf(status: number, detail: string, more: { code?: string } = {}): Problem {
  const kind = KINDS[status] ?? KINDS[status < 500 ? 400 : 500]!;
  return { type: `urn:clew:problem:${kind.name}`, title: kind.title, status, detail, ...more };
}

/** The problem of a request whose fields break rules. */
export function validationProblem(errors: readonly FieldError[]): Problem {
  const sentences = errors.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  return {
    type: 'urn:clew:problem:validation',
    title: 'The request is not valid',
    status: 400,
    detail: sentences.slice(0, 5).join('; ') + (sentences.length > 5 ? '; …' : ''),
    errors: [...errors],
  };
}
