import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

/** Documents the header fields that a call which starts something takes. */
export function ApiStartHeaders(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'The same key with the same request begins nothing anew and is answered the same; with another request it is refused.',
      schema: { type: 'string', maxLength: 200, example: '8e03978e-40d5-43e8-bc93-6894a57f9324' },
    }),
    ApiHeader({
      name: 'Prefer',
      required: false,
      description: '`wait=N`: answer 201 with what it came to, if it ends within N seconds (30 at the most).',
      schema: { type: 'string', example: 'wait=10' },
    }),
  );
}

/** The header fields of the answer. */
export const START_ANSWER_HEADERS = {
  Location: { description: 'Where it is found.', schema: { type: 'string' as const } },
  'Preference-Applied': {
    description: 'The wait that was preferred, if one was.',
    schema: { type: 'string' as const },
  },
  'Retry-After': {
    description: 'After how many seconds to look again, unless it has ended.',
    schema: { type: 'string' as const },
  },
};

/** Problems that a call which starts something may be answered with because of its header fields. */
export const START_PROBLEMS = {
  400: 'The request is not valid, its Idempotency-Key for example',
  422: 'The Idempotency-Key was sent with another request before',
};
