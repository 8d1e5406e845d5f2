import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import { ApiProblems } from '@clew/service';
import { CallerGuard } from './caller.guard.js';

/** A controller whose calls need an API key where keys are set. */
export function ForCallers(): ClassDecorator {
  return applyDecorators(
    UseGuards(CallerGuard),
    ApiBearerAuth(),
    // Or none at all: the document can't know whether keys are set.
    ApiSecurity({}),
    ApiProblems({ 401: 'API keys are set, and the request bears none of them' }),
  );
}
