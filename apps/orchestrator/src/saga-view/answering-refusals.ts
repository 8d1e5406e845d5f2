import { OperationRefused } from '@clew/saga';
import { conflict } from '@clew/service';

/** Answers an operation that makes no sense as the saga stands with 409 and the reason. */
export async function answeringRefusals<Result>(operation: Promise<Result>): Promise<Result> {
  try {
    return await operation;
  } catch (error) {
    throw error instanceof OperationRefused ? conflict(`${error.message}.`) : error;
  }
}
