/** How many jobs or tasks a page holds. */
const LENGTH = 20;

/** The run of rows that a page holds, from page 1 on. */
export const runOf = (page: number) => ({ offset: (page - 1) * LENGTH, length: LENGTH });
