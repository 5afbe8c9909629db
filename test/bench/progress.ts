import { log, spinner } from "@clack/prompts";

/** Tells what is going on: a line that changes on a terminal, lines one after the other elsewhere. */
export interface Progress {
  step(text: string): void;
  done(text: string): void;
}

export function showProgress(): Progress {
  if (!process.stdout.isTTY) return { step: (text) => console.error(text), done: (text) => console.error(text) };
  let line: ReturnType<typeof spinner> | undefined;
  return {
    step(text) {
      if (line) return line.message(text);
      line = spinner();
      line.start(text);
    },
    done(text) {
      if (!line) return log.step(text);
      line.stop(text);
      line = undefined;
    },
  };
}
