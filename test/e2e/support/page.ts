/** What a page brings along in itself that a browser would run: scripts and handlers of events. */
export function inlineCodeOf(page: string): string[] {
  const scripts = [...page.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map(([, code]) => code!.trim());
  const handlers = [...page.matchAll(/\son[a-z]+=/g)].map(([code]) => code);
  return [...scripts.filter((code) => code !== ''), ...handlers];
}

/** The files that a page loads. */
export function filesOf(page: string, url: string): URL[] {
  return [...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, path]) => new URL(path!, url));
}
