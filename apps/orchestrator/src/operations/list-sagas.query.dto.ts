import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { SAGA_STATUSES, type SagaStatus } from '../saga-view/saga.response.dto.js';

/** Query of `GET /operations/sagas`. */
export class ListSagasQuery {
  @ApiPropertyOptional({ enum: SAGA_STATUSES, enumName: 'SagaStatus' })
  @IsOptional()
  @IsIn(SAGA_STATUSES)
  status?: SagaStatus;
}
