/** Problems that most calls about orders may be answered with, as OpenAPI describes them. */
export const UNAVAILABLE = {
  503: 'The database is away for the moment; try again after Retry-After seconds',
};
export const BAD_BODY = {
  400: 'The request is not valid',
  413: 'The body is larger than 64 KB',
  415: 'The body is not JSON',
};
