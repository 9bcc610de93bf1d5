/**
 * The same data with other paths: all that is at or below one directory is below another one then.
 *
 * @param value plain data, as plans are
 */
export function relocate<Value>(value: Value, from: string, to: string): Value {
  const move = (item: unknown): unknown => {
    if (typeof item === 'string')
      return item === from || item.startsWith(`${from}/`) ? to + item.slice(from.length) : item;
    if (Array.isArray(item)) return item.map(move);
    if (item === null || typeof item !== 'object' || Object.getPrototypeOf(item) !== Object.prototype)
      return item;
    return Object.fromEntries(Object.entries(item).map(([key, one]) => [key, move(one)]));
  };
  return move(value) as Value;
}
