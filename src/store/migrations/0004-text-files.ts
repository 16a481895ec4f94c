/** States of deployments and what lies beside them, where the store keeps them. */

/** Statements in order; the same for both databases. */
export function textFiles(): string[] {
  return [
    `create table text_file (
      folder text not null,
      name text not null,
      content text not null,
      written_at text not null,
      primary key (folder, name)
    )`,
  ];
}
