/** What a search asks for: a comparison, or several queries joined. */
export type Query = Comparison | Junction;

export type Operator = "==" | "!=" | "<=" | ">=" | "<" | ">";

export type Comparison =
  | { kind: "comparison"; field: string; operator: Operator; operand: Operand }
  | { kind: "among"; field: string; operands: Operand[] };

/** At least two queries, all or one of which must hold. */
export interface Junction {
  kind: "and" | "or";
  members: Query[];
}

/** A value as it was understood, and the text of it: `007` is 7 among numbers and stays itself among texts. */
export interface Operand {
  value: string | number;
  text: string;
}
