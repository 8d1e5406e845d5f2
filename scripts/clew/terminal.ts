/** What a command has to say: to people, or as one JSON document. */
export interface Terminal {
  readonly isJson: boolean;
  /** The JSON document, or these lines. */
  print(document: unknown, lines: readonly string[]): void;
  /** For people who wait, or have to do something; on stderr. */
  say(sentence: string): void;
}

export function terminal(isJson: boolean): Terminal {
  return {
    isJson,
    print: (document, lines) => {
      const text = isJson ? JSON.stringify(document, undefined, 2) : lines.join('\n');
      if (text) process.stdout.write(`${text}\n`);
    },
    say: (sentence) => process.stderr.write(`${sentence}\n`),
  };
}

/** Columns of the same width, by their widest cell. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
