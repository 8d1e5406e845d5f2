/** Problems that most calls about orders may be answered with, as OpenAPI describes them. */
export const UNAVAILABLE = {
  503: 'The database is away for the moment; try again after Retry-After seconds',
};
