/** Ends the program with an exit code and a sentence on stderr. */
export abstract class Exit extends Error {
  abstract readonly code: number;
}

/** The wish was refused: there is no such saga, or it makes no sense as things stand. */
export class Refused extends Exit {
  readonly code = 1;
}

/** The program was called wrongly, or whom it has to ask can't be reached. */
export class Unusable extends Exit {
  readonly code = 2;
}
