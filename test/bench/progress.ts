import { log, progress, spinner } from "@clack/prompts";

/** Tells what is going on: a line that changes on a terminal, lines one after the other elsewhere. */
export interface Progress {
  step(text: string): void;
  done(text: string): void;
  /** Works through so many of something; `work` says how many more are done. */
  through(text: string, count: number, work: (more: (count: number) => void) => Promise<void>): Promise<void>;
}

export const showProgress = (): Progress => (process.stdout.isTTY ? onTerminal() : inLines());

function inLines(): Progress {
  const tell = (text: string) => console.error(text);
  return {
    step: tell,
    done: tell,
    async through(text, count, work) {
      tell(`${text}: ${count}`);
      await work(() => undefined);
    },
  };
}

function onTerminal(): Progress {
  let line: ReturnType<typeof spinner> | undefined;
  return {
    step(text) {
      if (line) return line.message(text);
      line = spinner();
      line.start(text);
    },
    done(text) {
      if (line) line.stop(text);
      else log.step(text);
      line = undefined;
    },
    async through(text, count, work) {
      const bar = progress({ max: count });
      bar.start(text);
      await work((more) => bar.advance(more));
      bar.stop(`${text}: ${count}`);
    },
  };
}
