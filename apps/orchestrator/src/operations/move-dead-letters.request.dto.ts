import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, Equals, IsArray, IsOptional, IsString, Length } from 'class-validator';
import { OperationRequest } from './operation.request.dto.js';

/** Body of `POST /operations/dead-letters/{redrive|discard}`: exactly one of `ids`, `queue` and `all`. */
export class MoveDeadLettersRequest extends OperationRequest {
  @ApiPropertyOptional({ type: [String], minItems: 1, maxItems: 200, description: 'As they were listed.' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  ids?: string[];

  @ApiPropertyOptional({ example: 'flights.commands', description: 'All dead letters of this queue.' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  queue?: string;

  @ApiPropertyOptional({ enum: [true], description: 'All dead letters of all queues.' })
  @IsOptional()
  @Equals(true)
  all?: true;
}
