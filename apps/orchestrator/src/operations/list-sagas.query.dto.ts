import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { PageQuery } from '../saga-view/page.query.dto.js';

/** Query of `GET /operations/sagas`. */
export class ListSagasQuery extends PageQuery {
  @ApiPropertyOptional({ example: 'trip-booking', description: 'The name of a definition.' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  saga?: string;

  @ApiPropertyOptional({
    description: 'What they are about: the e-mail address of a traveller, the id of a customer.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  subject?: string;
}
