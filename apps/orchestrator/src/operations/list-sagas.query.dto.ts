import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { PageQuery } from '../saga-view/page.query.dto.js';

/** Query of `GET /operations/sagas`. */
export class ListSagasQuery extends PageQuery {
  @ApiPropertyOptional({ example: 'trip-booking', description: 'The name of a definition.' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  saga?: string;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'Under way for longer than so many seconds, or STUCK since then.',
  })
  @IsOptional()
  @Matches(/^\d{1,9}$/, { message: '$property must be a whole number of seconds' })
  slowerThan?: string;

  @ApiPropertyOptional({
    description: 'What they are about: the e-mail address of a traveller, the id of a customer.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  subject?: string;
}
