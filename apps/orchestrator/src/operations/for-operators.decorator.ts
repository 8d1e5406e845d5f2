import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@clew/service';
import { OperatorGuard } from './operator.guard.js';

/** A controller whose calls need the operator key, or an API key of that role. */
export function ForOperators(): ClassDecorator {
  return applyDecorators(
    ApiTags('operations'),
    UseGuards(OperatorGuard),
    ApiBearerAuth(),
    ApiProblems({
      401: 'The operator key is missing or wrong, or none is set',
      403: 'The key is that of a caller, who is no operator',
    }),
  );
}
