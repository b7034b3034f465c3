/** What a message's code stands for: what is so, and what to do. */
export type Meaning = readonly [says: string, todo: string]

export type Meanings = Readonly<Record<string, Meaning>>
