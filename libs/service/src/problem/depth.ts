/** Whether there are objects or arrays within one another more than so many levels deep. Whatever the depth, it needs no stack. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  let within = [value];
  for (let level = 0; within.length > 0; level += 1) {
    within = within.filter((one) => typeof one === 'object' && one !== null);
    if (within.length > 0 && level >= levels) return true;
    within = within.flatMap((one) => Object.values(one as object) as unknown[]);
  }
  return false;
}
