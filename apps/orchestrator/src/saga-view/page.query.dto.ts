import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { SAGA_STATUSES, type SagaStatus } from './saga.response.dto.js';

/** Query of a list that is read page by page: `GET /bookings`, for example. */
export class PageQuery {
  @ApiPropertyOptional({ enum: SAGA_STATUSES, enumName: 'SagaStatus' })
  @IsOptional()
  @IsIn(SAGA_STATUSES)
  status?: SagaStatus;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 20 })
  // Stays text until it is known to be digits: Number() also takes '0x10', ' 7 ' and ''.
  @IsOptional()
  @Matches(/^(?:[1-9]\d?|100)$/, { message: '$property must be a whole number from 1 to 100' })
  limit?: string;

  @ApiPropertyOptional({ description: 'nextCursor of the page before, read with the same status.' })
  @IsOptional()
  @IsString()
  cursor?: string;
}
