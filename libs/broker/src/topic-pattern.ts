/**
 * Whether a pattern covers a topic, as AMQP has it: both are words with dots between them, `*` in the pattern stands for
 * one word and `#` for any number of them, none included.
 */
export function matchesTopic(pattern: string, topic: string): boolean {
  return matches(pattern.split('.'), topic.split('.'));
}

function matches([first, ...others]: readonly string[], words: readonly string[]): boolean {
  if (first === undefined) return words.length === 0;
  if (first === '#')
    return matches(others, words) || (words.length > 0 && matches(['#', ...others], words.slice(1)));
  return words.length > 0 && (first === '*' || first === words[0]) && matches(others, words.slice(1));
}
