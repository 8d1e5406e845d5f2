/** What a controller needs of a reply, whichever HTTP server it is of. */
export interface HttpReply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}
