import { OperationRefused, UnknownSaga } from '@clew/saga';
import { conflict, notFound } from '@clew/service';

/** Answers an operation that makes no sense as the saga stands with 409 and the reason; with 404 if there is no such saga. */
export async function answeringRefusals<Result>(operation: Promise<Result>): Promise<Result> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof OperationRefused) throw conflict(`${error.message}.`);
    throw error instanceof UnknownSaga ? notFound(`${error.message}.`) : error;
  }
}
