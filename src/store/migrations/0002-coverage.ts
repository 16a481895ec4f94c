/** What sources could and could not see of a day, and names of nodes for people. */

/** Statements in order; the same for both databases. */
export function coverage(): string[] {
  return [
    // Replaced with its day; what is in it is the source's own (JSON).
    `create table day_coverage (
      source text not null,
      day text not null,
      content text not null,
      primary key (source, day)
    )`,
    // A job's node is named by its id, which never changes; its title does.
    `create table node_title (
      node_id bigint primary key references node (id),
      title text not null,
      at text not null
    )`,
  ];
}
