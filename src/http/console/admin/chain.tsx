import type { ChainState } from "../../../core/audit-log.ts";
import { Ago, Badge, Facts, When } from "../../html/parts.tsx";
import { inWords } from "../amounts.ts";

/** Whether the events of the log are tied together and signed, in short. */
export const Chain = ({ of: { checkpoint, unlinked, last } }: { of: ChainState }) =>
  checkpoint ? (
    <a href="/console/audit">
      <Badge tone={unlinked.more ? "waiting" : "good"}>
        signed <Ago at={checkpoint.at} />
      </Badge>
    </a>
  ) : (
    <a href="/console/audit">
      <Badge>{last === 0 ? "no event yet" : "not signed yet"}</Badge>
    </a>
  );

/** The same in full: what is tied and signed, what that is good for, and how to prove it. */
export const ChainFacts = ({ of: { last, linked, unlinked, checkpoint } }: { of: ChainState }) => (
  <>
    <p>
      Each event is tied to the one before it, and the last one is signed now and then: whoever changes or removes an
      event later is found out. <code>npm run audit</code> proves it.
    </p>
    <Facts
      of={[
        ["Newest event", last === 0 ? "none yet" : `number ${last}`],
        ["Tied up to", linked === 0 ? "none yet" : `number ${linked}`],
        ["Not tied yet", `${inWords(unlinked)}: it is done every minute`],
        [
          "Signed up to",
          checkpoint ? (
            <>
              number {checkpoint.seq}, at <When at={checkpoint.at} />
            </>
          ) : (
            "none yet"
          ),
        ],
      ]}
    />
  </>
);
