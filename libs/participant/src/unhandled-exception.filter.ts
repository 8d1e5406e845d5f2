import { Catch, type ArgumentsHost, type RpcExceptionFilter } from '@nestjs/common';
import type { Observable } from 'rxjs';

/**
 * Lets through, as it is, what no filter of the app has caught. Nest's default would turn it into
 * `{ status: 'error' }`, and a rejection could no longer be told from a fault or a bug.
 */
@Catch()
export class UnhandledExceptionFilter implements RpcExceptionFilter {
  catch(exception: unknown, _host: ArgumentsHost): Observable<never> {
    throw exception;
  }
}
