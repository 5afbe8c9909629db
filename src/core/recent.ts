/** Remembers a bounded number of things: of too many those that were longest not asked for are forgotten. */
export interface Recent<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
  clear(): void;
}

export function recent<V>(max: number): Recent<V> {
  const values = new Map<string, V>();
  const set = (key: string, value: V) => {
    values.delete(key);
    values.set(key, value);
    for (const oldest of values.keys()) {
      if (values.size <= max) return;
      values.delete(oldest);
    }
  };
  return {
    set,
    get(key) {
      const value = values.get(key);
      if (value !== undefined) set(key, value);
      return value;
    },
    delete: (key) => void values.delete(key),
    clear: () => values.clear(),
  };
}
