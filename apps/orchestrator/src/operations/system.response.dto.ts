import { ApiProperty } from '@nestjs/swagger';

export class ParticipantAddress {
  @ApiProperty({ example: 'flights' })
  name!: string;

  @ApiProperty({ format: 'uri', example: 'http://127.0.0.1:3001' })
  url!: string;
}

export class SystemResponse {
  @ApiProperty({ type: [ParticipantAddress], description: 'As CLEW_PARTICIPANTS says.' })
  participants!: ParticipantAddress[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'How long a saga is kept after its end; null: for ever.',
  })
  sagaRetentionHours!: number | null;
}
