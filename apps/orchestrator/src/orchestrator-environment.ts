import { IsOptional, Length } from 'class-validator';
import { SagaEnvironment } from '@clew/service';

export class OrchestratorEnvironment extends SagaEnvironment {
  /** The bearer key of `/operations`, which is closed without one. */
  @IsOptional()
  @Length(8, 200, { message: 'must have 8 to 200 characters' })
  CLEW_OPERATOR_KEY?: string;
}
